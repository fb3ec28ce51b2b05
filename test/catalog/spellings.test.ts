import { describe, expect, it } from 'vitest'
import { allReadings, readings, SPELLING_RULES } from '../../src/db/spellings.ts'

describe('a rule of spelling', () => {
  it.each(SPELLING_RULES.map((rule) => [rule.name, rule] as const))(
    'reads its example: %s',
    (_name, rule) => {
      const [spelt, read] = rule.example
      expect(rule.read(spelt)).toBe(read)
      expect(rule.read(read)).toBe(read)
    },
  )

  it.each([
    ['gpt-5.4', 'a point between digits is no vendor'],
    ['qwen3.5-plus', 'a vendor has no digits'],
    ['gpt-oss:120b', 'a tag holds letters only'],
    ['claude-opus-4-1', 'a number at the end is a version'],
    ['deepseek-v3', 'a revision stands behind a vendor only'],
    ['gpt-4-1106-preview', 'no date'],
    ['openai-', 'nothing is left'],
    ['@eu', 'nothing is left'],
    ['', 'nothing is there'],
  ])('leaves %s as it is: %s', (text) => {
    expect(allReadings(text).map((reading) => reading.text)).toEqual([text])
  })
})

describe('the readings of an id', () => {
  it.each([
    ['openai/gpt-4o', ['gpt-4o']],
    ['Qwen/Qwen3-32B-FP8', ['qwen3-32b-fp8', 'qwen3-32b']],
    ['x/glm-5.1-fp8:thinking', ['glm-5.1-fp8:thinking', 'glm-5.1-fp8', 'glm-5.1']],
    ['us.anthropic.claude-opus-4-6-v1', ['us.anthropic.claude-opus-4-6-v1', 'claude-opus-4-6']],
    ['openai.gpt-oss-120b-1:0', ['openai.gpt-oss-120b-1:0', 'gpt-oss-120b']],
    ['us-gov.openai.gpt-oss-120b-1:0', ['us-gov.openai.gpt-oss-120b-1:0', 'gpt-oss-120b']],
    ['claude-sonnet-5@eu', ['claude-sonnet-5@eu', 'claude-sonnet-5']],
    ['gpt-5.4:thinking:low', ['gpt-5.4:thinking:low', 'gpt-5.4']],
  ])('of %s', (id, texts) => {
    expect(readings(id).map(({ text }) => text)).toEqual(texts)
  })

  it('say by which rule, the least sure where several were needed', () => {
    expect(readings('zai-glm-5.1-tee').map(({ rule }) => rule)).toEqual([
      'same_model_id',
      'hosting',
      'name_in_front',
      'name_in_front',
    ])
  })

  it('are few and found at once, whatever the text', () => {
    for (const part of [':a', '-1', '.a', 'a.', '@eu', '-v1', '-tee', 'zai-', '-fp8:a', '2025-01-01']) {
      expect(allReadings(part.repeat(512)).length).toBeLessThan(32)
    }
  })
})
