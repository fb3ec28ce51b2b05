import { codeOf } from '../src/catalog/gzip-code.ts'

/** The order in which a block's header tells how long the codes of code lengths are (RFC 1951, 3.2.7). */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
/** Longest code of a code length, in bits. */
const MAX_LENGTH_BITS = 7
/** The block is the last one, and brings its codes. */
const LAST_DYNAMIC_BLOCK = 0b101

/** Some symbols and the sum of their weights. */
interface Package {
  weight: number
  symbols: readonly number[]
}

/**
 * How many bits each symbol's code has so that weighted symbols take the fewest, none of them more than `most`: package-merge. A symbol
 * without weight has no code.
 */
export function codeLengths(weights: readonly number[], most: number): Uint8Array {
  const single: Package[] = weights
    .map((weight, symbol) => ({ weight, symbols: [symbol] }))
    .filter(({ weight }) => weight > 0)
  const ascending = (packages: Package[]) => packages.toSorted((a, b) => a.weight - b.weight)
  let merged: Package[] = []
  for (let bit = 0; bit < most; bit++) merged = ascending([...single, ...pairsOf(merged)])
  const lengths = new Uint8Array(weights.length)
  for (const { symbols } of merged.slice(0, 2 * single.length - 2)) {
    for (const symbol of symbols) lengths[symbol] = (lengths[symbol] ?? 0) + 1
  }
  return lengths
}

function pairsOf(packages: readonly Package[]): Package[] {
  const pairs: Package[] = []
  for (let place = 0; place + 1 < packages.length; place += 2) {
    const [first, second] = packages.slice(place, place + 2)
    if (first === undefined || second === undefined) break
    pairs.push({ weight: first.weight + second.weight, symbols: [...first.symbols, ...second.symbols] })
  }
  return pairs
}

/** The bits, `0` and `1`, of the header of a block whose codes are so many bits long. */
export function blockHeader(literals: Uint8Array, distances: Uint8Array): string {
  const runs = runsOf([...literals, ...distances])
  const weights = Array.from({ length: LENGTH_ORDER.length }, (_, symbol) =>
    runs.reduce((sum, run) => sum + (run.symbol === symbol ? 1 : 0), 0),
  )
  const lengths = codeLengths(weights, MAX_LENGTH_BITS)
  const ordered = LENGTH_ORDER.map((symbol) => lengths[symbol] ?? 0)
  while (ordered.length > 4 && ordered.at(-1) === 0) ordered.pop()
  const { codes } = codeOf(lengths)
  return [
    number(LAST_DYNAMIC_BLOCK, 3),
    number(literals.length - 257, 5),
    number(distances.length - 1, 5),
    number(ordered.length - 4, 4),
    ...ordered.map((length) => number(length, 3)),
    ...runs.map(
      ({ symbol, rest, restBits }) =>
        number(codes[symbol] ?? 0, lengths[symbol] ?? 0) + number(rest, restBits),
    ),
  ].join('')
}

/** The lowest bit comes first. */
function number(value: number, bits: number): string {
  return bits === 0 ? '' : [...value.toString(2).padStart(bits, '0')].toReversed().join('')
}

/** A code length, or how often one is repeated. */
interface Run {
  symbol: number
  rest: number
  restBits: number
}

/** 16 repeats the length before it 3 to 6 times, 17 a zero 3 to 10 times, 18 a zero 11 to 138 times. */
function runsOf(lengths: readonly number[]): Run[] {
  const runs: Run[] = []
  for (let place = 0; place < lengths.length; ) {
    const length = lengths[place] ?? 0
    const end = lengths.findIndex((other, at) => at > place && other !== length)
    const count = (end === -1 ? lengths.length : end) - place
    const repeat = (symbol: number, restBits: number, least: number, most: number) => {
      const times = Math.min(most, count)
      runs.push({ symbol, rest: times - least, restBits })
      place += times
    }
    const isRepeat = place > 0 && lengths[place - 1] === length
    if (length === 0 && count >= 11) repeat(18, 7, 11, 138)
    else if (length === 0 && count >= 3) repeat(17, 3, 3, 10)
    else if (isRepeat && count >= 3) repeat(16, 2, 3, 6)
    else {
      runs.push({ symbol: length, rest: 0, restBits: 0 })
      place++
    }
  }
  return runs
}
