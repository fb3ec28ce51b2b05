import { count, type EntrySet, hasEntry } from '../db/entry-sets.ts'
import type { Database } from '../db/open.ts'
import { type Bodies, bodiesOf, type ListBody, type ListCoding } from './bodies.ts'
import { compileList } from './compile.ts'
import { type Finder, finder, take } from './find.ts'
import type { ListQuery } from './params.ts'
import { type FirstInSearchOrder, searchOrder } from './search-order.ts'
import { type SetReader, setReader } from './set-sources.ts'
import { textsReader } from './texts.ts'

interface ListAnswer extends ListBody {
  total: number
}

export interface Lister {
  find: Finder
  sets: SetReader
  list(query: ListQuery, coding?: ListCoding): ListAnswer
  firstInSearchOrder: FirstInSearchOrder
  bodies: Bodies
  /** The curated set, in its order. */
  featuredIds: readonly number[]
}

/** Answers list requests from one state of a catalog of that many entries. */
export function lister(db: Database, entries: number): Lister {
  const textsOf = textsReader(db)
  const sets = setReader(db, entries, textsOf)
  const find = finder(db, entries, sets, textsOf)
  const firstInSearchOrder = searchOrder(db, entries, sets, find)
  const bodies = bodiesOf(db, entries)
  const featuredIds = db
    .prepare<[], number>('SELECT id FROM entry WHERE featured IS NOT NULL ORDER BY featured')
    .pluck()
    .all()
  return {
    find,
    sets,
    firstInSearchOrder,
    bodies,
    featuredIds,
    list(query, coding) {
      const { filters, text, featured, limit } = compileList(query)
      const matches = find.matching(find.passing(filters), text?.terms ?? [])
      if (featured) {
        const ids = featuredIds.filter((id) => hasEntry(matches, id))
        return answer(ids.slice(0, limit), ids.length, coding)
      }
      const total = count(matches)
      if (total === 0) return answer([], 0, coding)
      const most = Math.min(limit, total)
      return answer(
        text === null ? firstIds(matches, entries, most) : firstInSearchOrder(matches, text, most),
        total,
        coding,
      )
    },
  }

  function answer(ids: readonly number[], total: number, coding: ListCoding | undefined): ListAnswer {
    return { ...bodies.list(ids, total, coding), total }
  }
}

/** The first ones of a set in the standing order, in which row ids stand; they are taken out of it. */
export function firstIds(matches: EntrySet, entries: number, most: number): number[] {
  const ids: number[] = []
  take(matches, null, { first: 1, last: entries }, most, ids)
  return ids
}
