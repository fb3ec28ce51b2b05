import { addEntry, type EntrySet, entrySet, hasEntry, removeEntry } from '../db/entry-sets.ts'
import { addMembers } from '../db/members.ts'
import type { Database } from '../db/open.ts'
import { type Finder, take } from './find.ts'
import { keyFilter } from './key-filter.ts'
import type { TextQuery } from './match.ts'
import type { SetReader, TextSource } from './set-sources.ts'

/** Entries, one row id after the other, that stand together in the search order. */
interface Stretch {
  deprecated: number
  party: number
  first: number
  last: number
}

/** An entry whose id, or else its model ID or title, equals the whole query. */
interface Equal {
  entry: number
  isId: 0 | 1
}

/** Party of those who are neither maker nor well-known host. */
const OTHER = 2

/** Gives the first entries of `matches` in the contract's order with a query, and takes them out of it. */
export type FirstInSearchOrder = (matches: EntrySet, text: TextQuery, most: number) => number[]

/**
 * For one state of a catalog of that many entries. What a request matches is never sorted: each group of the order is taken
 * from the entries as they stand in the search order, which is by deprecation, party and release date, until the page
 * is full.
 */
export function searchOrder(
  db: Database,
  entries: number,
  { read }: SetReader,
  { narrow }: Finder,
): FirstInSearchOrder {
  const buckets = readBuckets(db)
  const equalTo = db.prepare<[string], Equal>(
    `SELECT entry, kind = 'id' AS isId FROM entry_key WHERE kind IN ('id', 'model', 'title') AND key = ?`,
  )
  const mayBeKey = keyFilter(db, entries)
  const whole = entrySet(entries)
  const close = entrySet(entries)
  const started = entrySet(entries)

  const findStarted = (matches: EntrySet, starts: readonly TextSource[][]) => {
    started.set(matches)
    narrow(started, starts)
  }

  const takeInOrder = (matches: EntrySet, text: TextQuery, equal: Equal[], most: number, ids: number[]) => {
    // Closeness 0, of makers and hosts: exact.
    if (equal.length > 0) {
      close.fill(0)
      for (const { entry } of equal) addEntry(close, entry)
      for (const bucket of buckets) if (partyOf(bucket) !== OTHER) takeFrom(bucket, matches, close, most, ids)
    }
    // Near: closeness 1, which is also where others' exact copies count, then 2.
    const beginning = read(text.beginning)
    if (equal.length === 0) close.fill(0)
    addMembers(close, beginning)
    const hasClose = equal.length > 0 || beginning.length > 0
    let isStartedKnown = false
    for (const bucket of buckets) {
      if (hasClose) takeFrom(bucket, matches, close, most, ids)
      if (text.starts === null || ids.length === most) continue
      if (!isStartedKnown) findStarted(matches, text.starts)
      isStartedKnown = true
      takeFrom(bucket, matches, started, most, ids)
    }
    // Inside.
    for (const bucket of buckets) takeFrom(bucket, matches, null, most, ids)
  }

  return (matches, text, most) => {
    const ids: number[] = []
    const all = mayBeKey(text.key) ? equalTo.all(text.key) : []
    const equal = all.filter(({ isId }) => isId === 0)
    const called = all.filter(({ entry, isId }) => isId === 1 && hasEntry(matches, entry))
    if (called.length > 0) {
      whole.fill(0)
      for (const { entry } of called) addEntry(whole, entry)
      takeInOrder(whole, text, equal, called.length, ids)
      for (const id of ids) removeEntry(matches, id)
      ids.splice(most)
    }
    takeInOrder(matches, text, equal, most, ids)
    return ids
  }
}

/** As `take`, from all stretches of a bucket. */
function takeFrom(
  bucket: readonly Stretch[],
  set: EntrySet,
  of: EntrySet | null,
  most: number,
  ids: number[],
): void {
  for (const stretch of bucket) if (ids.length < most) take(set, of, stretch, most, ids)
}

/** The stretches that share deprecation and party, in the search order. */
function readBuckets(db: Database): Stretch[][] {
  const stretches = db
    .prepare<[], Stretch>('SELECT deprecated, party, first, last FROM entry_stretch ORDER BY place')
    .all()
  return [...Map.groupBy(stretches, ({ deprecated, party }) => `${deprecated} ${party}`).values()]
}

function partyOf(bucket: readonly Stretch[]): number | undefined {
  return bucket[0]?.party
}
