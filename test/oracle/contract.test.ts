// The oracle itself, by the contract's own examples: what is trusted to judge the service must be judged first.
import { describe, expect, it } from 'vitest'
import { createOracle } from './contract.ts'
import type { Catalog, SourceModel } from './entry.ts'
import type { Parties } from './order.ts'
import type { Pair } from './params.ts'
import { readSeed } from './seed.ts'
import { compareCodePoints, fitsJoined, fitsSpaced, fold, isSubstring, readText, termsOf } from './text.ts'

const parties: Parties = { makes: { openai: ['openai'], alibaba: ['alibaba'] }, hosts: ['groq', 'openai'] }

function catalogOf(models: Record<string, SourceModel>): Catalog {
  const catalog: Catalog = {}
  for (const [id, model] of Object.entries(models)) {
    const slash = id.indexOf('/')
    const provider = id.slice(0, slash)
    catalog[provider] ??= { models: {} }
    catalog[provider].models[id.slice(slash + 1)] = model
  }
  return catalog
}

function idsFound(models: Record<string, SourceModel>, pairs: Pair[], featured: string[] = []): string[] {
  const picked = { models: featured.map((id) => ({ id })) }
  const answer = createOracle(catalogOf(models), picked, parties).answer(pairs)
  return answer.status === 200 ? answer.models.map(({ id }) => id) : [String(answer.status)]
}

function finds(query: string, text: string): boolean {
  return termsOf(fold(query)).every((term) =>
    [isSubstring, fitsJoined, fitsSpaced].some((rule) => rule(term, readText(text))),
  )
}

describe('matching', () => {
  it.each([
    ['gpt4o', 'gpt-4o'],
    ['gptoss', 'gpt-oss'],
    ['claude-3.5', 'claude-3-5-sonnet'],
    ['2-5', 'gemini-2.5-flash'],
    ['3.5', 'claude-3-5'],
    ['3-5', 'claude-3_5'],
    ['3_5', 'claude-3.5'],
    ['OSS120B', 'gpt-oss-120b'],
    ['sonnetlatest', 'claude-sonnet-latest'],
    ['ｇｐｔ－４ｏ', 'GPT-4o'],
    ['4o\u0085gpt', 'gpt-4o'],
    ['- gpt', 'gpt4'],
    ['-', 'gpt-4'],
    ['4', '4-20250514'],
    ['mbe', 'ember-1'],
  ])('%j finds %j', (query, text) => expect(finds(query, text)).toBe(true))

  it.each([
    ['r1', 'ember-1'],
    ['4.2', '4-20250514'],
    ['g-pt', 'gpt-4o'],
    ['oss-gpt', 'gpt-oss'],
    ['ptoss', 'gpt-oss'],
    ['3.5', 'gpt-35'],
    ['35', 'gpt-3.5'],
    ['3-5', '13.50'],
    ['4o\ufeffgpt', 'gpt-4o'],
    ['-', 'gpt4'],
    ['- .', 'gpt-4'],
    ['NEAR', 'gpt'],
  ])('%j does not find %j', (query, text) => expect(finds(query, text)).toBe(false))

  it('looks each term up in the id or in the name', () => {
    const models = { 'groq/one': { name: 'Two' }, 'groq/two': { name: 'Two' }, 'groq/nameless': {} }
    expect(idsFound(models, [['query', 'TWO groq/one']])).toEqual(['groq/one'])
    expect(idsFound(models, [['query', 'groq nameless']])).toEqual(['groq/nameless'])
  })

  it('never matches the unknown, to which a context of 0 belongs', () => {
    const models = { 'groq/none': {}, 'groq/zero': { limit: { context: 0 }, cost: { input: 0 } } }
    expect(idsFound(models, [['max_context', '9']])).toEqual([])
    expect(idsFound(models, [['max_price', '9']])).toEqual(['groq/zero'])
    expect(idsFound(models, [['min_price', '0']])).toEqual(['groq/zero'])
    expect(idsFound(models, [['open_weights', 'false']])).toEqual([])
  })

  it('takes the higher of the known prices, bounds included', () => {
    const models = { 'groq/a': { cost: { input: 1, output: 3 } }, 'groq/b': { cost: { output: 2 } } }
    const range = (min: string, max: string): Pair[] => [
      ['min_price', min],
      ['max_price', max],
    ]
    expect(idsFound(models, range('3', '3.0'))).toEqual(['groq/a'])
    expect(idsFound(models, range('2', '2e0'))).toEqual(['groq/b'])
    expect(idsFound(models, range('1', '1'))).toEqual([])
  })
})

describe('parameters', () => {
  const models: Record<string, SourceModel> = {
    'groq/a': { tool_call: true, reasoning: true, limit: { context: 131072 } },
    'groq/b': { tool_call: true, interleaved: { field: 'x' } },
    'openai/c': {},
  }
  it.each<[Pair[], string[]]>([
    [[['provider', ' GroQ ']], ['groq/a', 'groq/b']],
    [[['provider', 'nobody']], []],
    [[['capabilities', 'TOOL_CALL,,reasoning']], ['groq/a']],
    [
      [
        ['capabilities', 'tool_call'],
        ['capabilities[]', ' interleaved '],
      ],
      ['groq/b'],
    ],
    [[['capabilities', 'vision']], []],
    [
      [
        ['provider', 'groq'],
        ['provider', 'openai'],
      ],
      ['openai/c'],
    ],
    [
      [
        ['provider', 'openai'],
        ['provider', '\u0085'],
        ['limit', '+01'],
      ],
      ['openai/c'],
    ],
    [[['max_context', '9'.repeat(40)]], ['groq/a']],
    [[['query', '💥'.repeat(256)]], []],
  ])('%j', (pairs, ids) => expect(idsFound(models, pairs)).toEqual(ids))

  it.each<[Pair[], [string, string][]]>([
    [[['limit', '1.0']], [['limit', 'int_parsing']]],
    [[['limit', '0']], [['limit', 'greater_than_equal']]],
    [[['limit', '101']], [['limit', 'less_than_equal']]],
    [[['min_price', '.']], [['min_price', 'float_parsing']]],
    [[['max_price', '1e999']], [['max_price', 'finite_number']]],
    [[['featured', 'maybe']], [['featured', 'bool_parsing']]],
    [[['query', 'x'.repeat(257)]], [['query', 'string_too_long']]],
    [[['query', 'a\u0000']], [['query', 'string_pattern_mismatch']]],
    [
      [
        ['zzz', '1'],
        ['featured', '2'],
        ['aaa', '1'],
        ['limit', 'x'],
        ['min_context', '9'],
        ['max_context', '8'],
      ],
      [
        ['limit', 'int_parsing'],
        ['featured', 'bool_parsing'],
        ['zzz', 'extra_forbidden'],
        ['aaa', 'extra_forbidden'],
      ],
    ],
  ])('%j is refused', (pairs, faults) => {
    const answer = createOracle({}, { models: [] }, parties).answer(pairs)
    expect(answer).toEqual({
      status: 422,
      faults: faults.map(([name, type]) => ({ loc: ['query', name], type })),
    })
  })

  it('names all the values of contradictory ranges', () => {
    const pairs: Pair[] = [
      ['min_price', '2'],
      ['max_price', '1.5'],
      ['min_context', '9007199254740993'],
      ['max_context', '9007199254740992'],
    ]
    const values = ['9007199254740993', '9007199254740992', '2', '1.5']
    expect(createOracle({}, { models: [] }, parties).answer(pairs)).toEqual({ status: 400, values })
  })
})

describe('order', () => {
  const old = { release_date: '2024-01-01' }
  const young = { release_date: '2026-01-01' }

  it('without a query: live, featured, party, date, tie', () => {
    const models = {
      'poe/b': {},
      'poe/a': { release_date: '2025-05' },
      'poe/c': { release_date: '2025-05-01' },
      'groq/h': old,
      'openai/m': old,
      'openai/dead': { ...young, status: 'deprecated' },
      'poe/pick': old,
    }
    const order = ['poe/pick', 'openai/m', 'groq/h', 'poe/c', 'poe/a', 'poe/b', 'openai/dead']
    expect(idsFound(models, [], ['gone/gone', 'poe/pick', 'openai/dead'])).toEqual(order)
    const featured: Pair[] = [['featured', 'YES']]
    expect(idsFound(models, featured, ['openai/dead', 'poe/pick'])).toEqual(['openai/dead', 'poe/pick'])
  })

  it('with a query: the full id, then exact, near, inside', () => {
    const models = {
      'poe/openai/gpt-x': young,
      'openai/gpt-x': old,
      'groq/gpt-x': young,
      'poe/gpt-x': young,
      'openai/my-gpt-x': young,
      'openai/gpt-xl': young,
      'openai/mygpt-x': young,
    }
    const near = ['openai/gpt-xl', 'openai/my-gpt-x', 'poe/gpt-x', 'poe/openai/gpt-x']
    const inside = ['openai/mygpt-x']
    expect(idsFound(models, [['query', 'gpt-x']])).toEqual(['openai/gpt-x', 'groq/gpt-x', ...near, ...inside])
    const copies = ['openai/gpt-xl', 'poe/openai/gpt-x']
    expect(idsFound(models, [['query', 'openai/gpt-x']])).toEqual(['openai/gpt-x', ...copies])
  })

  it('a resale is not its maker’s', () => {
    const { catalog, featured, parties: real } = readSeed()
    const { entries } = createOracle(catalog, featured, real)
    const party = (id: string) => entries.find(({ entry }) => entry.id === id)?.party
    expect(party('alibaba-cn/kimi-k3')).not.toBe(0)
    expect(party('alibaba/qwen3.7-max')).toBe(0)
    expect(entries).toHaveLength(8337)
  })

  it('takes a family’s lab from most of its entries, in a tie the later one', () => {
    const models = {
      'openai/a': { family: 'tie' },
      'alibaba/a': { family: 'tie' },
      'poe/1': { family: 'tie', canonical_model_id: 'openai/a' },
      'poe/2': { family: 'tie', canonical_model_id: 'alibaba/a' },
      'openai/alibaba/b': {},
    }
    const { entries } = createOracle(catalogOf(models), { models: [] }, parties)
    const facts = Object.fromEntries(entries.map(({ entry, lab, party }) => [entry.id, [lab, party]]))
    expect(facts['openai/a']).toEqual(['openai', 0])
    expect(facts['alibaba/a']).toEqual(['openai', 2])
    expect(facts['openai/alibaba/b']).toEqual(['alibaba', 1])
  })

  it('compares by code point', () => {
    expect(['𝗺', 'ｍ', 'a', 'ab', 'Z'].sort(compareCodePoints)).toEqual(['Z', 'a', 'ab', 'ｍ', '𝗺'])
  })
})
