import { addEntry, count, type EntrySet, entrySet, hasEntry, intersect } from '../db/entry-sets.ts'
import type { Database } from '../db/open.ts'
import type { BrowseQuery } from './browse-params.ts'
import { compileList, type FilterQuery } from './compile.ts'

import { firstIds, type Lister } from './list.ts'
import type { TextQuery } from './match.ts'
import { arranger } from './orders.ts'

/** What a list request finds. */
interface Selection {
  /** Row ids of the entries asked for, in order. */
  ids: number[]
  /** How many entries match. */
  total: number
}

export interface Browser {
  select(query: BrowseQuery): Selection
  /** The entries that match a request. The set may be changed, and is used again by the next call. */
  matching(query: FilterQuery): EntrySet
}

/** Answers what is asked beyond the contract's list, from one state of a catalog of that many entries. */
export function browser(
  db: Database,
  entries: number,
  { find, firstInSearchOrder, featuredIds }: Lister,
): Browser {
  const arrange = arranger(db, entries)
  const curated = entrySet(entries)
  for (const id of featuredIds) addEntry(curated, id)

  const compiled = (query: FilterQuery) => {
    const { filters, text, featured } = compileList({ ...query, limit: 0 })
    const set = find.matching(find.passing(filters), text?.terms ?? [])
    if (featured) intersect(set, curated)
    return { set, text, featured }
  }
  const inRelevance = (set: EntrySet, text: TextQuery | null, featured: boolean, most: number): number[] => {
    if (featured) return featuredIds.filter((id) => hasEntry(set, id)).slice(0, most)
    return text === null ? firstIds(set, entries, most) : firstInSearchOrder(set, text, most)
  }
  return {
    select(query) {
      const { set, text, featured } = compiled(query)
      const total = count(set)
      const { sort, offset } = query
      const end = Math.min(total, offset + query.limit)
      if (offset >= end) return { ids: [], total }
      const ids =
        sort === 'relevance'
          ? inRelevance(set, text, featured, end).slice(offset)
          : arrange(set, total, sort, { first: offset, end })
      return { ids, total }
    },
    matching: (query) => compiled(query).set,
  }
}
