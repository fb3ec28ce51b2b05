import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type Catalog, openCatalog } from '../../src/catalog/catalog.ts'
import { lister } from '../../src/catalog/list.ts'
import { parseListQuery } from '../../src/catalog/params.ts'
import { suggester } from '../../src/catalog/suggest.ts'
import { type Database, openForReading } from '../../src/db/open.ts'
import litellmKeys from '../fixtures/litellm-keys.json' with { type: 'json' }
import { createOracle } from '../oracle/contract.ts'
import { requests } from '../oracle/generators.ts'
import { scripts } from '../oracle/hostile.ts'
import { readSeed } from '../oracle/seed.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'

let folder: string
let catalog: Catalog
let db: Database
beforeAll(async () => {
  folder = temporaryFolder()
  const file = join(folder, 'catalog.db')
  copyFileSync(await seededCatalog(), file)
  catalog = openCatalog(file)
  db = openForReading(file)
})
afterAll(() => {
  db.close()
  catalog.close()
  rmSync(folder, { recursive: true, force: true })
})

function ask(request: Record<string, string>) {
  const { body, didYouMean } = catalog.list(parseListQuery(Object.entries(request)))
  const { total }: { total: number } = JSON.parse(String(body))
  return { total, didYouMean }
}

describe('what may have been meant', () => {
  it.each([
    // Letters in each other's place, missing, doubled, wrong.
    ['cluade', 'claude'],
    ['gtp-5', 'gpt-5'],
    ['gtp5', 'gpt5'],
    ['sonet', 'sonnet'],
    ['GEMNI', 'gemini'],
    ['gemni 2.5 pro', 'gemini 2.5 pro'],
    ['mistrral', 'mistral'],
    ['mistral-medum', 'mistral-medium'],
    ['depseek', 'deepseek'],
    ['qewn', 'qwen'],
    ['qwen3-cooder', 'qwen3-coder'],
    ['lamma 3', 'llama 3'],
    ['gork', 'grok'],
    ['hiaku', 'haiku'],
    ['nemotorn', 'nemotron'],
    ['whispr', 'whisper'],
    ['claud-sonnet', 'claude-sonnet'],
    ['text-embeding-3-large', 'text-embedding-3-large'],
    ['opusclaude', 'opus claude'],
    ['gpt-40', 'gpt-4o'],
    ['gpt-o4', 'gpt-4o'],
    ['03-mini', 'o3-mini'],
    // One wrong word among right ones, and two.
    ['claude oups', 'claude opus'],
    ['gemini flahs lite', 'gemini flash lite'],
    ['cluade sonet', 'claude sonnet'],
    ['claude asdfgh', 'claude'],
    ['mixtral-large', 'mistral-large'],
    // A provider beside a model.
    ['antropic sonnet', 'anthropic sonnet'],
    ['opnai gpt-4o', 'openai gpt-4o'],
    ['opneai/gtp-4o', 'openai/gpt-4o'],
    ['sonnet-claude-4.5', 'sonnet claude 4.5'],
    // Another product's id.
    ['models/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['vertex_ai/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['vertex_ai/claude-3-5-sonnet@20240620', 'claude-3-5-sonnet'],
    ['bedrock/eu-west-3/mistral.mistral-7b-instruct-v0:2', 'mistral-7b-instruct-v0:2'],
    ['us.anthropic.claude-3-haiku-20240307-v1:0', 'anthropic.claude-3-haiku'],
    ['xyzzy/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['models/gemni-2.5-pro', 'gemini-2.5-pro'],
    // Tags, dates and versions that do not exist.
    ['gpt-4o:free', 'gpt-4o'],
    ['xai/grok-3-mini-latest', 'xai/grok-3-mini'],
    ['claude-3-5-sonnet-20241099', 'claude-3-5-sonnet'],
    ['gpt-4o-2024-99-99', 'gpt-4o'],
    ['gpt-7', 'gpt-6'],
    ['gpt-9', 'gpt-6'],
    ['kimi k7', 'kimi k3'],
    ['anthropic/claude-opus-4.9', 'anthropic/claude-opus-4.8'],
    ['dall-e-4', 'dall-e-3'],
  ])('%s: %s', (query, meant) => {
    const { total, didYouMean } = ask({ query })
    expect(total).toBe(0)
    expect(didYouMean?.slice(0, 3)).toContain(meant)
    expect(ask({ query: meant }).total).toBeGreaterThan(0)
  })

  it.each(['xqzvbk', 'zzzz', '999999', '!', '💥', 'lorem ipsum dolor'])(
    'nothing near %s is known',
    (query) => {
      expect(ask({ query }).didYouMean ?? []).toEqual([])
    },
  )

  it('is known for most of the ids that LiteLLM knows and the catalog does not', () => {
    const unknown = litellmKeys.filter((_, place) => place % 7 === 0).map((query) => ask({ query }))
    const empty = unknown.filter(({ total }) => total === 0)
    const helped = empty.filter(({ didYouMean = [] }) => didYouMean.length > 0)
    expect(empty.length).toBeGreaterThan(200)
    expect(helped.length / empty.length).toBeGreaterThan(0.8)
  })

  it('is of entries that few edits would not tell from a coincidence', () => {
    expect(ask({ query: 'lamma 3' }).didYouMean).toEqual(['llama 3', 'gemma 3'])
  })
})

const QUERIES = [
  'cluade',
  'gtp-5 mni',
  'antropic sonet',
  'models/gemni-2.5-pro',
  'gpt-7',
  'claude 70b',
  ...litellmKeys.filter((_, place) => place % 60 === 0),
]
const FILTERS: Record<string, string>[] = [
  {},
  { provider: 'google' },
  { provider: 'nobody' },
  { open_weights: 'true', capabilities: 'reasoning' },
  { max_price: '0' },
  { min_context: '1000000', provider: 'openrouter' },
  { capabilities: 'flying' },
]

test.each(FILTERS)(
  'every suggestion under %j matches under it, and is there only when nothing else is',
  (filters) => {
    for (const query of QUERIES) {
      const { total, didYouMean } = ask({ ...filters, query })
      if (total > 0) expect(didYouMean).toBeUndefined()
      else {
        expect(didYouMean?.length).toBeLessThanOrEqual(3)
        expect(new Set(didYouMean).size).toBe(didYouMean?.length)
        for (const suggested of didYouMean ?? [])
          expect(ask({ ...filters, query: suggested }).total, suggested).toBeGreaterThan(0)
      }
    }
  },
)

test('whatever is asked, suggestions are there only when nothing matches, and match', () => {
  const { catalog: seed, featured, parties } = readSeed()
  const oracle = createOracle(seed, featured, parties)
  for (const { pairs } of fc.sample(requests(oracle), { seed: 1, numRuns: 400 })) {
    const query = parseListQuery(pairs)
    const { body, didYouMean } = catalog.list(query)
    const isEmpty = JSON.parse(String(body)).total === 0
    expect(didYouMean !== undefined, JSON.stringify(pairs)).toBe(isEmpty && query.query !== undefined)
    for (const suggested of didYouMean ?? []) {
      const found = JSON.parse(String(catalog.list({ ...query, query: suggested }).body))
      expect(found.total, `${JSON.stringify(pairs)}: ${suggested}`).toBeGreaterThan(0)
    }
  }
})

test('what matches only without the filters is not offered', () => {
  expect(ask({ query: 'gemni' }).didYouMean).toEqual(['gemini'])
  expect(ask({ query: 'gemni', provider: 'google' }).didYouMean).toEqual(['gemini'])
  expect(ask({ query: 'gemni', provider: 'openai' })).toEqual({ total: 0, didYouMean: [] })
})

test('a query that only the filters exclude is not spelt anew, but may be shortened', () => {
  expect(ask({ query: 'mistral', provider: 'openai' }).didYouMean).toEqual([])
  expect(ask({ query: 'openrouter sonnet', provider: 'anthropic' }).didYouMean).toEqual(['sonnet'])
})

test('without a query nothing is suggested', () => {
  expect(ask({ provider: 'nobody' })).toEqual({ total: 0, didYouMean: undefined })
})

test('what matches is never called misspelt', () => {
  for (const query of [
    'claude',
    'gpt4o',
    'mistrall',
    'lama',
    'k2',
    '3.5',
    'openrouter sonnet',
    'a',
    ...scripts,
  ]) {
    const { total, didYouMean } = ask({ query })
    expect(didYouMean === undefined, query).toBe(total > 0)
  }
})

test('the same is suggested every time', () => {
  const other = suggester(db, lister(db, catalog.summary().models))
  for (const query of QUERIES.toReversed()) {
    const { total, didYouMean } = ask({ query })
    if (total === 0) expect(other(parseListQuery([['query', query]]))).toEqual(didYouMean)
  }
})
