import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ask, idsOf, serveForTests } from './ask.ts'

let ask: Ask
let close: () => Promise<void>

/** Each text is a model of its own, told apart by the text: as its name, under an id that no query meets. */
const TEXTS = [
  'gpt-4o',
  'GPT 4 Omni',
  'gpt-oss',
  'claude-3-5-sonnet',
  'claude-opus-4-20250514',
  'ember-1',
  'deepseek-r1',
  'gemini-2.5-flash',
  'model 3_5',
  'model-35',
  'a-b-c',
  '100% "quoted" (text)*',
  'NEAR OR AND: under_score',
  'Größe ſtraße',
  'ﬁne ＦＵＬＬ１２３',
  'İstanbul',
  'ΣΟΦΟΣ',
  '通义千问2.5-72B',
  'x²y',
  'emoji 🚀 go',
  'one\ttwo\u00a0three\u3000four\u0085five',
  '-3 and (7)',
  'v3',
]

beforeAll(async () => {
  const models = Object.fromEntries(
    TEXTS.map((name, index) => [`§${String.fromCharCode(0x4e00 + index)}`, { name }]),
  )
  const { ask: asked, service } = await serveForTests({ '§': { models } })
  ask = asked
  close = service.close
})
afterAll(() => close())

async function found(query: string): Promise<string[]> {
  const answer = await ask(`?limit=100&query=${encodeURIComponent(query)}`)
  idsOf(answer)
  const names = new Set(answer.body.models.map(({ name }) => name))
  return TEXTS.filter((text) => names.has(text))
}

describe('rule 1: a term is a substring', () => {
  test.each<[query: string, ...texts: string[]]>([
    ['oss', 'gpt-oss'],
    ['t-o', 'gpt-oss'],
    ['PT-4', 'gpt-4o'],
    ['udios'],
    ['r1', 'deepseek-r1'],
    ['🚀', 'emoji 🚀 go'],
    ['千问', '通义千问2.5-72B'],
  ])('%s', async (query, ...texts) => expect(await found(query)).toEqual(texts))
})

describe('rule 2: the joined form, from the start of a run on, of 5 characters or with a digit', () => {
  test.each<[query: string, ...texts: string[]]>([
    ['gpt4o', 'gpt-4o', 'GPT 4 Omni'],
    ['GPT-4-O', 'gpt-4o', 'GPT 4 Omni'],
    ['gptoss', 'gpt-oss'],
    ['gp-toss', 'gpt-oss'],
    ['ptoss'],
    ['abc'],
    ['claude-3.5', 'claude-3-5-sonnet'],
    ['claude35', 'claude-3-5-sonnet'],
    ['laude35'],
    ['r1', 'deepseek-r1'],
    ['r-1', 'ember-1', 'deepseek-r1'],
    ['v-3', 'v3'],
    ['e1'],
    ['5sonnet', 'claude-3-5-sonnet'],
    ['go🚀'],
  ])('%s', async (query, ...texts) => expect(await found(query)).toEqual(texts))
})

describe('rule 3: the spaced form, from the start of a run on, to the end of one', () => {
  test.each<[query: string, ...texts: string[]]>([
    ['3.5', 'claude-3-5-sonnet', 'model 3_5'],
    ['3_5', 'claude-3-5-sonnet', 'model 3_5'],
    ['2-5', 'gemini-2.5-flash', '通义千问2.5-72B'],
    ['4.2'],
    ['4.20250514', 'claude-opus-4-20250514'],
    ['.4', 'gpt-4o', 'GPT 4 Omni', 'claude-opus-4-20250514'],
    ['(2)', 'claude-opus-4-20250514', 'gemini-2.5-flash', '通义千问2.5-72B', 'x²y'],
    ['5-sonnet', 'claude-3-5-sonnet'],
    ['72', '通义千问2.5-72B'],
  ])('%s', async (query, ...texts) => expect(await found(query)).toEqual(texts))
})

describe('folding', () => {
  test.each<[query: string, ...texts: string[]]>([
    ['fine', 'ﬁne ＦＵＬＬ１２３'],
    ['full123', 'ﬁne ＦＵＬＬ１２３'],
    ['ｇｐｔ４ｏ', 'gpt-4o', 'GPT 4 Omni'],
    ['GRÖSSE'],
    ['größe', 'Größe ſtraße'],
    ['GRO\u0308ßE', 'Größe ſtraße'],
    ['straße', 'Größe ſtraße'],
    ['i\u0307stanbul', 'İstanbul'],
    ['İ', 'İstanbul'],
    ['ΣΟΦΟΣ', 'ΣΟΦΟΣ'],
    ['σοφος', 'ΣΟΦΟΣ'],
    ['σοφοσ'],
    ['x2', 'x²y'],
    ['x²', 'x²y'],
  ])('%s', async (query, ...texts) => expect(await found(query)).toEqual(texts))
})

describe('terms', () => {
  test.each<[query: string, ...texts: string[]]>([
    ['sonnet claude', 'claude-3-5-sonnet'],
    ['sonnet\u3000claude', 'claude-3-5-sonnet'],
    ['sonnet\u0085\tclaude', 'claude-3-5-sonnet'],
    ['sonnet\ufeffclaude'],
    ['claude gemini'],
    ['claude -', 'claude-3-5-sonnet', 'claude-opus-4-20250514'],
    ['claude ! ?', 'claude-3-5-sonnet', 'claude-opus-4-20250514'],
    ['!'],
    ['"', '100% "quoted" (text)*'],
    ['* (', '100% "quoted" (text)*'],
    ['% ?'],
    ['go go', 'emoji 🚀 go'],
    ['two three', 'one\ttwo\u00a0three\u3000four\u0085five'],
    ['a b c', 'a-b-c'],
  ])('%s', async (query, ...texts) => expect(await found(query)).toEqual(texts))
})

describe('no character is an operator', () => {
  test.each<[query: string, ...texts: string[]]>([
    ['"quoted"', '100% "quoted" (text)*'],
    ['(text)*', '100% "quoted" (text)*'],
    ['gem*'],
    ['gpt OR claude'],
    ['near', 'NEAR OR AND: under_score'],
    ['NEAR(gpt claude)'],
    ['and:', 'NEAR OR AND: under_score'],
    ['folded:gpt'],
    ['under_score', 'NEAR OR AND: under_score'],
    ['r%s'],
    ['g_t'],
    ['%'.repeat(3)],
    ["'; DROP TABLE model; --"],
    ['" OR 1=1'],
    ['\u0001gpt'],
    ['^gpt'],
    ['gpt\\'],
  ])('%s', async (query, ...texts) => expect(await found(query)).toEqual(texts))
})

test('a hundred terms are all looked for', async () => {
  expect(await found('claude sonnet 3 5 '.repeat(14))).toEqual(['claude-3-5-sonnet'])
  expect(await found(Array.from({ length: 64 }, (_, index) => `q${index}`.padEnd(3, 'x')).join(' '))).toEqual(
    [],
  )
})
