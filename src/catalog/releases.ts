import { type EntrySet, entrySet } from '../db/entry-sets.ts'
import type { Database } from '../db/open.ts'
import { firstOf, placeOf, readOrder, type Sequence, sequenceOf } from './sequences.ts'

/** Takes out of a set what was released before a date, or at a time nobody knows. Dates compare as text. */
export type KeepReleased = (set: EntrySet, from: string) => void

/** For one state of a catalog of that many entries. */
export function releaseKeeper(db: Database, entries: number): KeepReleased {
  const dateOf = db.prepare<[number], string | null>('SELECT release_date FROM model WHERE pk = ?').pluck()
  let newestFirst: Sequence | undefined
  const released = entrySet(entries)
  return (set, from) => {
    newestFirst ??= sequenceOf(readOrder(db, 'newest'), entries)
    const count = placeOf(newestFirst.ids, (id) => {
      const date = dateOf.get(id) ?? null
      return date === null || date < from
    })
    firstOf(newestFirst, count, released)
    for (let word = 0; word < set.length; word++) set[word] = (set[word] ?? 0) & (released[word] ?? 0)
  }
}
