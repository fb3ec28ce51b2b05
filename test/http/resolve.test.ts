import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { matchesSchema } from '../../src/catalog/resolve.ts'
import { seededService, type TestService } from '../service.ts'
import { expectEnvelope, get, serviceForTest } from './wire.ts'

const RESOLVE = '/api/v1/inference/resolve'
const LITELLM_PAIRS = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/litellm-pairs.json'), 'utf8')))

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_RATE_LIMIT: '0' } })
})
afterAll(() => service.close())

async function resolve(id: string, more: Record<string, string> = {}, { at = service } = {}) {
  const answer = await get(at, `${RESOLVE}?${new URLSearchParams({ id, ...more })}`)
  expect(answer.status).toBe(200)
  return matchesSchema.strict().parse(await answer.json())
}

const short = async (id: string, more?: Record<string, string>) =>
  (await resolve(id, more)).matches.map(({ matched_by, entry }) => `${matched_by} ${entry.id}`)

describe('an id', () => {
  it.each([
    ['openai/gpt-4o', 'exact openai/gpt-4o'],
    ['OpenAI/GPT-4o', 'letter_case openai/gpt-4o'],
    ['gpt-4o', 'litellm_key openai/gpt-4o'],
    ['gemini/gemini-2.5-pro', 'litellm_key google/gemini-2.5-pro'],
    ['azure/gpt-4o', 'exact azure/gpt-4o'],
    ['vertex_ai/claude-opus-4-5@20251101', 'litellm_key google-vertex/claude-opus-4-5@20251101'],
    [
      'bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'litellm_key amazon-bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    ],
    ['together_ai/openai/gpt-oss-120b', 'litellm_key togetherai/openai/gpt-oss-120b'],
    ['meta/llama-3.3-70b-instruct', 'same_model_id llama/llama-3.3-70b-instruct'],
    ['zhipuai/GLM-4.6', 'letter_case zhipuai/glm-4.6'],
    ['Qwen/Qwen3-32B', 'without_provider deepinfra/Qwen/Qwen3-32B'],
    ['models/gemini-2.5-pro', 'same_model_id google/gemini-2.5-pro'],
    ['publishers/google/models/gemini-2.5-pro', 'same_model_id google/gemini-2.5-pro'],
    ['claude-sonnet-4.5', 'same_model_id anthropic/claude-sonnet-4-5'],
    ['Claude Opus 4.5', 'same_model_id anthropic/claude-opus-4-5'],
    ['openrouter/anthropic/claude-sonnet-4.5:beta', 'tag openrouter/anthropic/claude-sonnet-4.5'],
    ['claude-opus-5@us', 'region anthropic/claude-opus-5'],
    ['ap.anthropic.claude-opus-5', 'bedrock_id anthropic/claude-opus-5'],
    ['x/Qwen3.8-27B-FP8', 'precision groq/qwen/qwen3.8-27b'],
    ['gpt-5-2025-08-07', 'dated_id openai/gpt-5'],
    ['x/trustedrouter/fast', 'same_model_id trustedrouter/trustedrouter/fast'],
    ['someone/sonar-pro', 'same_model_id perplexity/sonar-pro'],
    ['  openai/gpt-4o ', 'exact openai/gpt-4o'],
  ])('leads to what it means first: %s', async (id, first) => {
    expect((await short(id))[0]).toBe(first)
  })

  it.each([
    'gpt-4q',
    'gpt-4o-x',
    'openai',
    'openai/',
    '/',
    '//',
    'claude',
    '???',
    '%',
    "' OR 1=1 --",
    '{"$ne":null}',
    '../../etc/passwd',
    'gpt-9-2025-08-07',
    'fast',
    'someone/fast',
    'someone/auto',
    '日本語',
    '\ufb01',
    '\ud83d\ude00',
    'a'.repeat(256),
    ':a'.repeat(128),
    '-1'.repeat(128),
  ])('leads to nothing rather than to what is near: %s', async (id) => {
    const { matches, total } = await resolve(id)
    expect({ matches, total }).toEqual({ matches: [], total: 0 })
  })

  it('says what it was read as, and whether that is certain', async () => {
    const [dated] = (await resolve('gpt-5-2025-08-07')).matches
    expect(dated).toMatchObject({ is_certain: false, read_as: 'openai/gpt-5' })
    const [key] = (await resolve('gemini/gemini-2.5-pro')).matches
    expect(key).toMatchObject({ is_certain: true, read_as: 'google/gemini-2.5-pro' })
  })

  it('leads to the other offers of the model it names, each entry once', async () => {
    const found = await short('openai/gpt-4o', { limit: '100' })
    expect(found).toContain('canonical_model_id nano-gpt/openai/gpt-4o')
    expect(found).toContain('name_in_front digitalocean/openai-gpt-4o')
    const ids = found.map((match) => match.split(' ')[1])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is looked for at one provider, if asked', async () => {
    expect(await short('openai/gpt-4o', { provider: 'Azure' })).toEqual(['canonical_model_id azure/gpt-4o'])
    expect(await short('gpt-4o', { provider: 'azure' })).toEqual(['without_provider azure/gpt-4o'])
    expect(await short('gpt-4o', { provider: 'nobody' })).toEqual([])
  })

  it('leads to as many as asked for, and tells how many there are', async () => {
    const all = await resolve('openai/gpt-4o', { limit: '100' })
    const some = await resolve('openai/gpt-4o', { limit: '2' })
    expect(some).toEqual({ ...all, matches: all.matches.slice(0, 2) })
    expect(all.total).toBe(all.matches.length)
  })
})

describe('a LiteLLM key', () => {
  it('leads to its model among the first two, for all that both know', async () => {
    const places = new Map<number, number>()
    for (const [id, key] of Object.entries(LITELLM_PAIRS)) {
      const { matches } = await resolve(key)
      const place = matches.findIndex(({ entry }) => entry.id === id)
      places.set(place, (places.get(place) ?? 0) + 1)
    }
    // Some keys are those of two providers, such as alibaba and alibaba-cn.
    expect(Object.fromEntries(places)).toEqual({ 0: 745, 1: 85 })
  })
})

describe('a model ID without its provider', () => {
  it('leads to its entry, for every entry', async () => {
    const { models } = JSON.parse(
      await (await get(service, '/api/v1/inference/catalog?limit=100&query=claude')).text(),
    )
    for (const { id } of models) {
      const modelId = id.slice(id.indexOf('/') + 1)
      const { matches } = await resolve(modelId, { provider: id.split('/')[0] })
      expect(matches.map(({ entry }) => entry.id)).toContain(id)
    }
  })
})

describe('the parameters', () => {
  it.each([
    ['', ['missing']],
    ['id=', ['missing']],
    ['id=%20', ['missing']],
    [`id=${'a'.repeat(257)}`, ['string_too_long']],
    ['id=a%00b', ['string_pattern_mismatch']],
    ['id=a&limit=0', ['greater_than_equal']],
    ['id=a&limit=101', ['less_than_equal']],
    ['id=a&limit=x&model=b', ['int_parsing', 'extra_forbidden']],
  ])('are refused where they are wrong: %s', async (query, types) => {
    const answer = await get(service, `${RESOLVE}?${query}`)
    const body = expectEnvelope(answer, await answer.text(), 422, 'validation_error')
    expect(body.errors.map(({ type }: { type: string }) => type)).toEqual(types)
  })

  it('need a token', async () => {
    expect((await fetch(`${service.baseUrl}${RESOLVE}?id=gpt-4o`)).status).toBe(401)
  })
})

describe('a made-up catalog', () => {
  it('keeps letter case apart where it has both', async () => {
    const model = { name: 'A', limit: { context: 1, output: 1 } }
    const models = { 'M-1': model, 'm-1': model, M_1: model }
    const at = await serviceForTest({ catalog: { p: { id: 'p', name: 'P', env: [], npm: 'x', models } } })
    const found = await resolve('p/m-1', {}, { at })
    expect(found.matches.slice(0, 2).map(({ matched_by, entry }) => [matched_by, entry.id])).toEqual([
      ['exact', 'p/m-1'],
      ['letter_case', 'p/M-1'],
    ])
  })

  it('leads from a name that two labs share to neither', async () => {
    const model = (lab: string) => ({
      name: 'A',
      limit: { context: 1, output: 1 },
      canonical_model_id: `${lab}/shared-2`,
    })
    const models = { 'a/shared-2': model('a'), 'b/shared-2': model('b') }
    const at = await serviceForTest({ catalog: { p: { id: 'p', name: 'P', env: [], npm: 'x', models } } })
    for (const id of ['shared-2', 'shared-2:free', 'c/Shared_2']) {
      expect((await resolve(id, {}, { at })).matches).toEqual([])
    }
    const [named] = (await resolve('B/shared-2', {}, { at })).matches
    expect(named).toMatchObject({ matched_by: 'canonical_model_id', entry: { id: 'p/b/shared-2' } })
  })
})
