import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import featured from '../../seed/featured.json' with { type: 'json' }
import { type Ask, idsOf, serveForTests } from './ask.ts'

/** openai is a maker, openrouter a well-known host, and acme neither. */
const CATALOG = {
  openai: {
    models: {
      'gpt-x': { canonical_model_id: 'openai/gpt-x', name: 'GPT-X', release_date: '2025-01-01' },
      'gpt-x-mini': {
        canonical_model_id: 'openai/gpt-x-mini',
        name: 'GPT-X mini',
        release_date: '2025-06-01',
      },
      'gpt-x-old': {
        canonical_model_id: 'openai/gpt-x-old',
        name: 'GPT-X old',
        release_date: '2026-01-01',
        status: 'deprecated',
      },
      'not-gpt-x': {
        canonical_model_id: 'openai/not-gpt-x',
        name: 'Another one',
        release_date: '2026-06-01',
      },
      'tgpt-xy': { canonical_model_id: 'openai/tgpt-xy', name: 'Inside', release_date: '2026-07-01' },
      undated: { canonical_model_id: 'openai/undated', family: 'solo' },
      resold: { canonical_model_id: 'anthropic/resold', release_date: '2027-01-01' },
    },
  },
  openrouter: {
    models: {
      'openai/gpt-x': { name: 'OpenAI: GPT-X', release_date: '2025-01-01' },
      'openai/gpt-x-mini': { name: 'OpenAI: GPT-X mini', release_date: '2025-06-01', status: 'deprecated' },
    },
  },
  acme: {
    models: {
      'gpt-x': { name: 'GPT-X', release_date: '2025-02-01' },
      'gpt-x:free': { name: 'GPT-X free', release_date: '2025-02-01' },
      undated: { family: 'solo' },
      '10': { release_date: '2025-01' },
      '9': { release_date: '2025-01-15' },
      b: { release_date: '2024-12-31' },
      a: { release_date: '2024-12-31' },
      '\u{1f600}': { release_date: '2024-12-31' },
      '\uff5e': { release_date: '2024-12-31' },
    },
  },
}

let ask: Ask
let close: () => Promise<void>
beforeAll(async () => {
  const { ask: asked, service } = await serveForTests(CATALOG)
  ask = asked
  close = service.close
})
afterAll(() => close())

test('the standing order: not deprecated, party, newer date, unknown last, then by code point', async () => {
  expect(idsOf(await ask('?limit=100'))).toEqual([
    'openai/tgpt-xy',
    'openai/not-gpt-x',
    'openai/gpt-x-mini',
    'openai/gpt-x',
    'openai/undated',
    'openrouter/openai/gpt-x',
    // The lab of what openai resells is another's, so it stands with the rest.
    'openai/resold',
    'acme/gpt-x',
    'acme/gpt-x:free',
    'acme/9',
    'acme/10',
    'acme/a',
    'acme/b',
    'acme/\uff5e',
    'acme/\u{1f600}',
    'acme/undated',
    'openai/gpt-x-old',
    'openrouter/openai/gpt-x-mini',
  ])
})

describe('with a query', () => {
  test.each<[what: string, query: string, ...first: string[]]>([
    [
      'exact makers and hosts, then near ones, then those that hold it inside; deprecated last in each',
      'gpt-x',
      'openai/gpt-x',
      'openrouter/openai/gpt-x',
      'openai/gpt-x-mini',
      'openai/not-gpt-x',
      'acme/gpt-x',
      'acme/gpt-x:free',
      'openai/gpt-x-old',
      'openrouter/openai/gpt-x-mini',
      'openai/tgpt-xy',
    ],
    ['an id pasted whole comes first, whoever offers it', 'acme/gpt-x', 'acme/gpt-x', 'acme/gpt-x:free'],
    ['in joined form too', 'ACME gpt x', 'acme/gpt-x', 'acme/gpt-x:free'],
    ['the last path segment counts as the whole id', 'openrouter gpt-x', 'openrouter/openai/gpt-x'],
    ['an id in joined form comes before a name', 'openai: gpt-x', 'openai/gpt-x', 'openrouter/openai/gpt-x'],
  ])('%s', async (_what, query, ...first) => {
    expect(idsOf(await ask(`?query=${encodeURIComponent(query)}`)).slice(0, first.length)).toEqual(first)
  })

  test('the filters hold, and total counts them', async () => {
    const answer = await ask('?query=gpt-x&provider=openai&limit=2')
    expect(idsOf(answer)).toEqual(['openai/gpt-x', 'openai/gpt-x-mini'])
    expect(answer.body.total).toBe(5)
  })
})

describe('on the real catalog', () => {
  let real: Ask
  let closeReal: () => Promise<void>
  beforeAll(async () => {
    const { ask: asked, service } = await serveForTests()
    real = asked
    closeReal = service.close
  })
  afterAll(() => closeReal())

  const ranked = featured.models.map(({ id }) => id)

  test('featured answers the curated set in its order', async () => {
    const answer = await real('?featured=true&limit=100')
    expect(idsOf(answer)).toEqual(ranked)
    expect(answer.body.total).toBe(ranked.length)
  })

  test('featured keeps the filters, and is ignored beside a query', async () => {
    const openai = ranked.filter((id) => id.startsWith('openai/'))
    expect(idsOf(await real('?featured=1&provider=OpenAI&limit=100'))).toEqual(openai)
    expect((await real('?featured=1&query=o3')).body).toEqual((await real('?query=o3')).body)
  })

  test('the standing order begins with the curated set', async () => {
    expect(idsOf(await real('?limit=100')).slice(0, ranked.length)).toEqual(ranked)
  })

  test.each([
    ['gpt-4o', 'openai/gpt-4o'],
    ['gpt4o', 'openai/gpt-4o'],
    ['GPT-4o', 'openai/gpt-4o'],
    ['o3', 'openai/o3'],
    ['openrouter/anthropic/claude-sonnet-4.5', 'openrouter/anthropic/claude-sonnet-4.5'],
    ['claude opus', 'anthropic/claude-opus-5-5'],
    ['openrouter sonnet', 'openrouter/anthropic/claude-sonnet-5.5'],
  ])('%s finds %s first', async (query, first) => {
    expect(idsOf(await real(`?query=${encodeURIComponent(query)}`))[0]).toBe(first)
  })
})
