import {
  BITS_A_WORD,
  type EntrySet,
  entrySet,
  holdsAtMost,
  idsIn,
  intersect,
  type NumberColumn,
  placeOf,
  removeEntry,
} from '../db/entry-sets.ts'
import { addMembers, keepMembers, type Members, NOBODY } from '../db/members.ts'
import type { Database } from '../db/open.ts'
import type { SearchedTexts } from '../db/search-text.ts'
import type { Filters } from './compile.ts'
import { rangeKeeper } from './ranges.ts'
import { releaseKeeper } from './releases.ts'
import { MAX_READ } from './run-sets.ts'
import { isIn, type SetReader, type TextSource } from './set-sources.ts'

/** Finds entries: where all sets meet, within all ranges. */
export interface Finder {
  /** The entries that pass filters; null where there are none to pass. The set is used again by the next call. */
  passing(filters: Filters): EntrySet | null
  /** The entries whose number is known and at most `max`. The set is the caller's. */
  upTo(column: NumberColumn, max: number): EntrySet
  /**
   * Of those `within` (all, where it is null) the ones that match every term: each has its matches in any of its sources.
   * The set may be changed, and is used again by the next call.
   */
  matching(within: EntrySet | null, terms: readonly TextSource[][]): EntrySet
  /** Takes out of a set what does not match every term. */
  narrow(set: EntrySet, terms: readonly TextSource[][]): void
}

/** For one state of a catalog of that many entries. */
export function finder(
  db: Database,
  entries: number,
  { read, atHand }: SetReader,
  textsOf: (id: number) => SearchedTexts,
): Finder {
  const keepWithin = rangeKeeper(db, entries)
  const keepReleased = releaseKeeper(db, entries)
  const everything = allEntries(entries)
  const passing = entrySet(entries)
  const matches = entrySet(entries)
  const either = entrySet(entries)

  // In loops: see docs/decisions/028-optimizing.md.
  const lookUp = (sources: readonly TextSource[]): Term => {
    const sets: (Members | undefined)[] = []
    for (const source of sources) sets.push(atHand(source))
    return { sources, sets, isAtHand: !sets.includes(undefined) }
  }
  /** Those first whose sets are at hand. */
  const easiestFirst = (terms: readonly TextSource[][]): Term[] => {
    const ordered: Term[] = []
    const others: Term[] = []
    for (const sources of terms) {
      const term = lookUp(sources)
      if (term.isAtHand) ordered.push(term)
      else others.push(term)
    }
    for (const term of others) ordered.push(term)
    return ordered
  }
  /** From one of the terms on. */
  const narrow = (set: EntrySet, terms: readonly Term[], from: number) => {
    for (let place = from; place < terms.length; place++) {
      const term = terms[place]
      if (term === undefined) continue
      // What is searched for is found among a few by looking at them.
      if (!term.isAtHand && holdsAtMost(set, MAX_READ)) {
        const left = terms.slice(place)
        for (const id of idsIn(set)) if (!matchesAll(textsOf(id), left)) removeEntry(set, id)
        return
      }
      if (term.sources.length === 1) {
        keepMembers(set, setOf(term, 0))
      } else {
        join(either, term)
        intersect(set, either)
      }
    }
  }
  /** Makes `set` what is in any source. */
  const join = (set: EntrySet, term: Term) => {
    set.fill(0)
    for (let place = 0; place < term.sources.length; place++) addMembers(set, setOf(term, place))
  }
  const setOf = ({ sources, sets }: Term, place: number): Members => {
    const source = sources[place]
    // What was not at hand may be by now.
    return sets[place] ?? (source === undefined ? NOBODY : read(source))
  }
  return {
    passing({ sets, ranges, releasedFrom }) {
      if (sets.length === 0 && ranges.length === 0 && releasedFrom === undefined) return null
      const [first, ...others] = sets
      if (first === undefined) {
        passing.set(everything)
      } else {
        passing.fill(0)
        addMembers(passing, read(first))
      }
      for (const source of others) keepMembers(passing, read(source))
      for (const range of ranges) keepWithin(passing, range)
      if (releasedFrom !== undefined) keepReleased(passing, releasedFrom)
      return passing
    },
    upTo(column, max) {
      const set = everything.slice()
      keepWithin(set, { column, min: Number.NEGATIVE_INFINITY, max })
      return set
    },
    matching(within, terms) {
      const ordered = easiestFirst(terms)
      const [first] = ordered
      if (within !== null) {
        if (first === undefined) return within
        matches.set(within)
        narrow(matches, ordered, 0)
      } else if (first === undefined) {
        matches.set(everything)
      } else {
        join(matches, first)
        narrow(matches, ordered, 1)
      }
      return matches
    },
    narrow: (set, terms) => narrow(set, easiestFirst(terms), 0),
  }
}

/** What a term has its matches in, and of these the sets that took no search. */
interface Term {
  sources: readonly TextSource[]
  sets: readonly (Members | undefined)[]
  isAtHand: boolean
}

function matchesAll(texts: SearchedTexts, terms: readonly Term[]): boolean {
  return terms.every(({ sources }) => sources.some((source) => isIn(source, texts)))
}

function allEntries(entries: number): EntrySet {
  const set = entrySet(entries).fill(-1)
  // There is no entry 0, and none behind the last one.
  set[0] = (set[0] ?? 0) & ~1
  const last = set.length - 1
  set[last] = (set[last] ?? 0) & (-1 >>> (BITS_A_WORD - 1 - (entries % BITS_A_WORD)))
  return set
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
