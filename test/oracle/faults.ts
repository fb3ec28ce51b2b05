// Requests with something wrong in them: types, bounds, names, ranges, lengths.
import fc from 'fast-check'
import type { GeneratedRequest } from './generators.ts'
import type { Pair } from './params.ts'

const noIntegers = [
  'abc',
  '1.0',
  '1e3',
  '0x10',
  '1_000',
  '٣',
  '１２',
  '1 2',
  '--1',
  '+',
  '-',
  'NaN',
  'true',
  '∞',
  '1,000',
  '\ufeff5',
  '5\u200b',
  '5\u0000',
]
const tooSmall = ['0', '-0', '-1', '+0', '000', '-99999999999999999999999', ' 0 ']
const tooLarge = ['101', '+101', '0101', '99999999999999999999999999', '4294967297', '18446744073709551621']
const noNumbers = [
  'abc',
  '1,5',
  '1e',
  'e5',
  '.',
  '+.',
  '1..2',
  '0x1F',
  '1_0',
  '٣.٥',
  '½',
  '$1',
  '1 .5',
  '--1',
  '1e5.0',
]
const notFinite = [
  'NaN',
  'nan',
  'inf',
  '-inf',
  '+Inf',
  'Infinity',
  '-Infinity',
  '1e309',
  '-1e999',
  '9'.repeat(400),
]
const noBooleans = [
  'maybe',
  '2',
  '-1',
  'tru',
  'truee',
  'нет',
  'ja',
  'null',
  '0.0',
  '01',
  'y,n',
  '１',
  '\ufefftrue',
]
const unknown = [
  'limt',
  'Limit',
  'QUERY',
  'q',
  'offset',
  'page',
  'sort',
  'capability',
  'capabilities[0]',
  'provider[]',
  'limit[]',
  'min-price',
  ' query',
  'query ',
  '',
  '__proto__',
  'constructor',
  'toString',
  'naïve',
  'a.b',
  'a;b: c',
  '模型',
]
const harmless: Pair[] = [
  ['query', 'gpt'],
  ['limit', '5'],
  ['provider', 'openai'],
  ['capabilities', 'reasoning,,vision'],
  ['open_weights', 'no'],
  ['min_price', ''],
  ['featured', ''],
]

export function faultyRequests(): fc.Arbitrary<GeneratedRequest> {
  const faults = fc.array(fault(), { minLength: 1, maxLength: 4 })
  const harm = fc.array(fc.constantFrom(...harmless), { maxLength: 3 })
  const mixed = fc.tuple(faults, harm).chain(([wrong, right]) => {
    const groups = [...wrong, ...right.map((pair): Pair[] => [pair])]
    return fc.shuffledSubarray(groups, { minLength: groups.length, maxLength: groups.length })
  })
  return fc.record({ pairs: mixed.map((groups) => groups.flat()), plus: fc.boolean() })
}

function fault(): fc.Arbitrary<Pair[]> {
  const one = (names: string[], values: string[]): fc.Arbitrary<Pair[]> =>
    fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values)).map((pair) => [pair])
  return fc.oneof(
    one(['limit', 'min_context', 'max_context'], noIntegers),
    one(['limit', 'min_context', 'max_context'], tooSmall),
    one(['limit'], tooLarge),
    one(['min_price', 'max_price'], noNumbers),
    one(['min_price', 'max_price'], notFinite),
    one(['open_weights', 'featured'], noBooleans),
    one(unknown, ['1', 'x', '']),
    query(),
    { weight: 3, arbitrary: fc.oneof(contradictoryContexts(), contradictoryPrices(), bothContradictory()) },
    { weight: 1, arbitrary: overridden() },
    { weight: 1, arbitrary: tooManyPairs() },
  )
}

function query(): fc.Arbitrary<Pair[]> {
  const mark = fc.constantFrom('x', '💥', '- ', 'é', '模')
  const tooLong = fc
    .tuple(mark, fc.integer({ min: 257, max: 400 }))
    .map(([unit, length]) => [...unit.repeat(length)].slice(0, length).join('').replace(/ $/, '-'))
  const zero = fc.constantFrom('\u0000', 'gpt\u00004o', 'gpt\u0000', '\u0000 ', `${'x'.repeat(300)}\u0000`)
  return fc.oneof(tooLong, zero).map((text): Pair[] => [['query', text]])
}

function contradictoryContexts(): fc.Arbitrary<Pair[]> {
  return fc.constantFrom<Pair[]>(
    [
      ['min_context', '200001'],
      ['max_context', '200000'],
    ],
    [
      ['max_context', '9007199254740992'],
      ['min_context', '9007199254740993'],
    ],
    [
      ['min_context', '99999999999999999999999999999'],
      ['max_context', '99999999999999999999999999998'],
    ],
    [
      ['max_context', '1'],
      ['min_context', '0002'],
    ],
  )
}

function contradictoryPrices(): fc.Arbitrary<Pair[]> {
  return fc.constantFrom<Pair[]>(
    [
      ['min_price', '3'],
      ['max_price', '2.5'],
    ],
    [
      ['max_price', '-1'],
      ['min_price', '0'],
    ],
    [
      ['min_price', '10'],
      ['max_price', '9'],
    ],
    [
      ['max_price', '1e-3'],
      ['min_price', '.01'],
    ],
  )
}

function bothContradictory(): fc.Arbitrary<Pair[]> {
  return fc.tuple(contradictoryContexts(), contradictoryPrices()).map((pairs) => pairs.flat())
}

/** The later pair wins, so only its fault counts. */
function overridden(): fc.Arbitrary<Pair[]> {
  return fc.constantFrom<Pair[]>(
    [
      ['limit', 'abc'],
      ['limit', '0'],
    ],
    [
      ['max_price', '1'],
      ['max_price', 'inf'],
    ],
    [
      ['featured', 'true'],
      ['featured', 'maybe'],
    ],
    [
      ['limt', '1'],
      ['limt', '2'],
    ],
  )
}

function tooManyPairs(): fc.Arbitrary<Pair[]> {
  return fc
    .constantFrom('capabilities', 'nonsense')
    .map((name) => Array.from({ length: 101 }, (): Pair => [name, 'x']))
}
