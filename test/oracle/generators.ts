// Requests that the contract answers with 200, most of them made to find something.
import fc from 'fast-check'
import type { Oracle } from './contract.ts'
import { contextOf, priceOf } from './entry.ts'
import type { Indexed } from './order.ts'
import type { Pair } from './params.ts'
import { queries, type Target } from './queries.ts'

export interface GeneratedRequest {
  pairs: Pair[]
  /** Blanks travel as `+`, as a form sends them, not as `%20`. */
  plus: boolean
}

type Pairs = fc.Arbitrary<Pair[]>

const capabilities = [
  'attachment',
  'reasoning',
  'tool_call',
  'structured_output',
  'temperature',
  'interleaved',
]
const yes = ['true', '1', 'yes', 'on', 't', 'y', 'TRUE', 'True', 'Yes', 'ON', 'T', ' y ']
const no = ['false', '0', 'no', 'off', 'f', 'n', 'FALSE', 'False', 'No', 'OFF', 'F', '\tn']
const nothing = ['', '', ' ', '\t', '\u00a0', '\u3000', '\u0085 ']
const singles = [
  'query',
  'limit',
  'provider',
  'open_weights',
  'min_context',
  'max_context',
  'min_price',
  'max_price',
]

/** Bounds beyond what 64 bits or a double can tell apart. */
const far: Pair[] = [
  ['max', '9'.repeat(40)],
  ['max', '9223372036854775808'],
  ['max', '18446744073709551617'],
  ['max', `${'0'.repeat(30)}131072`],
  ['min', '9223372036854775807'],
  ['min', '+00000000000000000000000000000001'],
]

export function requests(oracle: Oracle): fc.Arbitrary<GeneratedRequest> {
  const pool = poolOf(oracle.entries)
  return targetsIn(oracle.entries).chain((item) => {
    const query = queries(pool.targets, targetOf(item)).map((text): Pair[] => [['query', text]])
    const filters = fc.oneof(
      { weight: 6, arbitrary: fc.constant<Pair[][]>([]) },
      { weight: 4, arbitrary: fc.array(filter(item, pool), { minLength: 1, maxLength: 1 }) },
      { weight: 2, arbitrary: fc.array(filter(item, pool), { minLength: 2, maxLength: 4 }) },
    )
    const busyFilters = fc.array(filter(item, pool), { minLength: 1, maxLength: 5 })
    return fc.oneof(
      { weight: 15, arbitrary: request(query, filters) },
      { weight: 4, arbitrary: request(fc.constant([]), busyFilters) },
      { weight: 1, arbitrary: request(featured(yes), filters) },
    )
  })
}

interface Pool {
  targets: Target[]
  providers: string[]
  contexts: number[]
  prices: number[]
}

function poolOf(entries: readonly Indexed[]): Pool {
  return {
    targets: entries.map(targetOf),
    providers: distinct(entries.map(({ entry }) => entry.provider)),
    contexts: distinct(entries.map(({ entry }) => contextOf(entry)).filter((size) => size !== null)),
    prices: distinct(entries.map(({ entry }) => priceOf(entry)).filter((price) => price !== null)),
  }
}

function targetOf({ entry, modelId }: Indexed): Target {
  return { id: entry.id, provider: entry.provider, modelId, name: entry.name || entry.id }
}

/** Any entry, but makers', hosts', deprecated and featured ones oftener: most rules of the order are about these. */
function targetsIn(entries: readonly Indexed[]): fc.Arbitrary<Indexed> {
  const groups = [
    entries,
    entries,
    entries.filter((item) => item.party === 0),
    entries.filter((item) => item.party === 1),
    entries.filter((item) => item.deprecated),
    entries.filter((item) => Number.isFinite(item.featuredRank)),
  ]
  return fc.oneof(...groups.filter((group) => group.length > 0).map((group) => fc.constantFrom(...group)))
}

function request(main: Pairs, filters: fc.Arbitrary<Pair[][]>): fc.Arbitrary<GeneratedRequest> {
  return fc
    .record({
      main,
      filters,
      limit: often(fc.constant<Pair[]>([]), limit()),
      noise: often(fc.constant<Pair[]>([]), noise()),
      plus: fc.boolean(),
      swap: fc.boolean(),
    })
    .map(({ main, filters, limit, noise, plus, swap }) => {
      const given = mergedFilters(filters)
      const last = swap ? [...limit, ...given, ...main] : [...main, ...given, ...limit]
      // Whatever stands in front is overridden, if need be by a blank.
      const missing = noise.filter(([name]) => last.every(([other]) => other !== name))
      const blank = missing.map(([name, value]): Pair => [name, nothing[value.length] ?? ''])
      return { pairs: [...noise, ...last, ...blank], plus }
    })
}

/** Of two filters on the same field, the first alone: two could contradict each other. */
function mergedFilters(filters: Pair[][]): Pair[] {
  const field = (pairs: Pair[]) => (pairs[0]?.[0] ?? '').replace(/^(min|max)_|\[\]$/g, '')
  return filters
    .filter((pairs, index) => filters.findIndex((other) => field(other) === field(pairs)) === index)
    .flat()
}

function limit(): Pairs {
  const plain = fc.integer({ min: 1, max: 100 }).map(String)
  const odd = fc.constantFrom(
    '1',
    '100',
    '100',
    '+7',
    '007',
    ' 5 ',
    '\u00a03',
    '0000000000000000000000000000050',
    '',
  )
  return fc.oneof(plain, fc.constant('100'), odd).map((value): Pair[] => [['limit', value]])
}

/** What another pair overrides, and blanks. */
function noise(): Pairs {
  const value = fc.constantFrom('abc', '7', '-1', 'true', 'openai', '1e400', 'gpt', '0', ...nothing)
  return fc.array(fc.tuple(fc.constantFrom(...singles, 'featured'), value), { minLength: 1, maxLength: 4 })
}

function filter(item: Indexed, pool: Pool): Pairs {
  const { entry } = item
  const sizes = [...(contextOf(entry) === null ? [] : [contextOf(entry) ?? 1]), ...pool.contexts]
  const prices = [...(priceOf(entry) === null ? [] : [priceOf(entry) ?? 0]), ...pool.prices]
  const size = often(fc.constant(sizes[0] ?? 1), fc.constantFrom(...sizes))
  const price = often(fc.constant(prices[0] ?? 0), fc.constantFrom(...prices, 0))
  return fc.oneof(
    provider(entry.provider, pool),
    capability(entry.capabilities),
    often(fc.constant(entry.open_weights ?? true), fc.boolean()).chain((open) => openWeights(open)),
    range('context', size, contextText),
    range('price', price, priceText),
    featured([...yes, ...no, ...nothing]),
  )
}

function provider(own: string, pool: Pool): Pairs {
  const name = often(fc.constant(own), fc.constantFrom(...pool.providers))
  return fc
    .oneof(
      { weight: 5, arbitrary: name },
      { weight: 2, arbitrary: name.map((text) => text.toUpperCase()) },
      { weight: 1, arbitrary: name.map((text) => ` ${text.slice(0, 1).toUpperCase()}${text.slice(1)}\n`) },
      { weight: 1, arbitrary: name.map((text) => text.slice(0, -1)) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('nobody', '%', '_', 'open_i', "'", 'openai/', '\ufeffopenai', '\u0000'),
      },
    )
    .map((value): Pair[] => [['provider', value]])
}

function capability(own: string[]): Pairs {
  const known = own.length === 0 ? fc.constantFrom(...capabilities) : fc.constantFrom(...own)
  const item = fc.oneof(
    { weight: 12, arbitrary: known },
    { weight: 3, arbitrary: fc.constantFrom(...capabilities) },
    { weight: 3, arbitrary: known.map((text) => ` ${text.toUpperCase()} `) },
    { weight: 2, arbitrary: fc.constantFrom('', ' ', '\u3000') },
    { weight: 1, arbitrary: fc.constantFrom('vision', 'tool-call', 'reason', '[]', 'tool_call;reasoning') },
  )
  const name = fc.constantFrom('capabilities', 'capabilities', 'capabilities[]')
  const value = fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(','))
  return fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 3 })
}

function openWeights(open: boolean): Pairs {
  return fc.constantFrom(...(open ? yes : no)).map((word): Pair[] => [['open_weights', word]])
}

function featured(words: string[]): Pairs {
  return fc.constantFrom(...words).map((word): Pair[] => [['featured', word]])
}

function range(
  field: string,
  number: fc.Arbitrary<number>,
  text: (value: number) => fc.Arbitrary<string>,
): Pairs {
  const bound = (side: string, value: number) => text(value).map((word): Pair => [`${side}_${field}`, word])
  const sides = fc.constantFrom('min', 'max', 'both', 'both', 'far')
  return fc.tuple(number, number, sides).chain(([one, two, side]) => {
    if (side === 'far')
      return fc.constantFrom(...far).map(([name, value]): Pair[] => [[`${name}_${field}`, value]])
    if (side !== 'both') return bound(side, one).map((pair) => [pair])
    return fc.tuple(bound('min', Math.min(one, two)), bound('max', Math.max(one, two) * 2 + 4))
  })
}

function contextText(size: number): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(String(size)) },
    { weight: 2, arbitrary: fc.constantFrom(size + 1, Math.max(1, size - 1)).map(String) },
    { weight: 1, arbitrary: fc.constantFrom(`+${size}`, `000${size}`, ` ${size}\u00a0`, `+0${size}`) },
  )
}

function priceText(price: number): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(String(price)) },
    { weight: 1, arbitrary: fc.constantFrom(price * 1.000001, price * 0.999999).map(String) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(`+${price}`, price.toExponential().toUpperCase(), ` 00${price}`),
    },
    {
      weight: 1,
      arbitrary: fc.constant(Number.isInteger(price) ? `${price}.` : String(price).replace(/^0\./, '.')),
    },
  )
}

function often<T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 2, arbitrary: usual }, { weight: 1, arbitrary: other })
}

function distinct<T>(values: T[]): T[] {
  return [...new Set(values)]
}
