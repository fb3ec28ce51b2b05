import { BITS_A_WORD, type EntrySet, entrySet, type NumberColumn } from '../db/entry-sets.ts'
import type { Database } from '../db/open.ts'
import type { Filters, Range } from './compile.ts'
import type { ReadSet, SetSource } from './set-sources.ts'

/** Finds entries: where all sets meet, within all ranges. */
export interface Finder {
  /** The entries that pass filters; null where there are none to pass. The set is the caller's. */
  passing(filters: Filters): EntrySet | null
  /**
   * Of those `within` (all, where it is null) the ones that match every term: each has its matches in any of its sources.
   * The set may be changed, and is used again by the next call.
   */
  matching(within: EntrySet | null, terms: readonly SetSource[][]): EntrySet
}

/** For one state of a catalog of that many entries. */
export function finder(db: Database, entries: number, read: ReadSet): Finder {
  const numbersOf = columnReader(db)
  const everything = allEntries(entries)
  const matches = entrySet(entries)
  const either = entrySet(entries)
  return {
    passing({ sets, ranges }) {
      if (sets.length === 0 && ranges.length === 0) return null
      const passing = everything.slice()
      for (const source of sets) intersect(passing, read(source))
      for (const range of ranges) keepWithin(passing, numbersOf(range.column), range)
      return passing
    },
    matching(within, terms) {
      matches.set(within ?? everything)
      for (const sources of terms) {
        const [first, ...others] = sources.map(read)
        if (first === undefined) continue
        if (others.length === 0) intersect(matches, first)
        else {
          either.set(first)
          for (const other of others) unite(either, other)
          intersect(matches, either)
        }
      }
      return matches
    },
  }
}

/** Reads each column when it is first asked for. */
function columnReader(db: Database): (column: NumberColumn) => Float64Array {
  const statement = db
    .prepare<[NumberColumn], Buffer>('SELECT numbers FROM entry_column WHERE name = ?')
    .pluck()
  const columns = new Map<NumberColumn, Float64Array>()
  return (column) => {
    const known = columns.get(column)
    if (known !== undefined) return known
    const stored = statement.get(column) ?? Buffer.alloc(0)
    const numbers = new Float64Array(stored.byteLength / Float64Array.BYTES_PER_ELEMENT)
    new Uint8Array(numbers.buffer).set(stored)
    columns.set(column, numbers)
    return numbers
  }
}

function allEntries(entries: number): EntrySet {
  const set = entrySet(entries).fill(-1)
  // There is no entry 0, and none behind the last one.
  set[0] = (set[0] ?? 0) & ~1
  const last = set.length - 1
  set[last] = (set[last] ?? 0) & (-1 >>> (BITS_A_WORD - 1 - (entries % BITS_A_WORD)))
  return set
}

export function intersect(set: EntrySet, other: EntrySet): void {
  for (let word = 0; word < set.length; word++) set[word] = (set[word] ?? 0) & (other[word] ?? 0)
}

export function unite(set: EntrySet, other: EntrySet): void {
  for (let word = 0; word < set.length; word++) set[word] = (set[word] ?? 0) | (other[word] ?? 0)
}

/** What is not a number is within no range. */
function keepWithin(set: EntrySet, numbers: Float64Array, { min, max }: Range): void {
  for (let word = 0; word < set.length; word++) {
    let waiting = set[word] ?? 0
    let kept = 0
    while (waiting !== 0) {
      const bit = waiting & -waiting
      waiting ^= bit
      const number = numbers[word * BITS_A_WORD + placeOf(bit)] ?? Number.NaN
      if (number >= min && number <= max) kept |= bit
    }
    set[word] = kept
  }
}

export function holds(set: EntrySet, id: number): boolean {
  return ((set[id >>> 5] ?? 0) & (1 << (id & 31))) !== 0
}

export function count(set: EntrySet): number {
  let total = 0
  for (let word = 0; word < set.length; word++) total += bitsIn(set[word] ?? 0)
  return total
}

/** Moves up to `most` of the entries from `first` to `last` to the end of `ids`, ascending; only those in `of`, if given. */
export function take(
  set: EntrySet,
  of: EntrySet | null,
  { first, last }: { first: number; last: number },
  most: number,
  ids: number[],
): void {
  const lastWord = last >>> 5
  for (let word = first >>> 5; word <= lastWord && ids.length < most; word++) {
    let here = set[word] ?? 0
    if (of !== null) here &= of[word] ?? 0
    if (word === first >>> 5) here &= -1 << (first & 31)
    if (word === lastWord) here &= -1 >>> (BITS_A_WORD - 1 - (last & 31))
    while (here !== 0 && ids.length < most) {
      const bit = here & -here
      here ^= bit
      set[word] = (set[word] ?? 0) ^ bit
      ids.push(word * BITS_A_WORD + placeOf(bit))
    }
  }
}

/** Which bit it is, for a word with one of them. */
function placeOf(bit: number): number {
  return BITS_A_WORD - 1 - Math.clz32(bit)
}

/** Adds neighbouring bits, then pairs, then fours; the multiplication adds the bytes. */
function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
