import { addEntry, type EntrySet, entrySet, hasEntry, idsIn, type NumberColumn } from '../db/entry-sets.ts'
import type { Database } from '../db/open.ts'
import { placeOf, readNumbers, readOrder } from './sequences.ts'

/** What a list can be sorted by; `relevance` is the contract's order. */
export const SORTS = ['relevance', 'newest', 'name', 'price', '-price', 'context', '-context'] as const
type Sort = (typeof SORTS)[number]
/** The sorts that do not depend on what is asked for. */
type FixedSort = Exclude<Sort, 'relevance'>

/** A stretch of a list: from `first` on, up to and without `end`. */
interface Stretch {
  first: number
  end: number
}

/** Gives a stretch of a set of `total` entries, sorted; unknown values come last, whatever the direction. */
export type Arrange = (set: EntrySet, total: number, sort: FixedSort, stretch: Stretch) => number[]

/** For one state of a catalog of that many entries; each order is read when it is first asked for. */
export function arranger(db: Database, entries: number): Arrange {
  const orders = new Map<FixedSort, Order>()
  return (set, total, sort, stretch) => {
    const order = orders.get(sort) ?? orderOf(readSorted(db, sort, entries))
    orders.set(sort, order)
    // On a walk through the order one in `entries / total` is met.
    const steps = (entries * stretch.end) / total
    return total * Math.log2(total + 1) < steps ? ranked(order, set, stretch) : met(order, set, stretch)
  }
}

/** All entries, sorted. */
interface Order {
  ids: Uint32Array
  /** The place of each, by row id. */
  places: Uint32Array
}

function orderOf(ids: Uint32Array): Order {
  const places = new Uint32Array(ids.length + 1)
  for (const [place, id] of ids.entries()) places[id] = place
  return { ids, places }
}

function ranked({ ids, places }: Order, set: EntrySet, { first, end }: Stretch): number[] {
  const taken = Uint32Array.from(idsIn(set), (id) => places[id] ?? 0).sort()
  return Array.from(taken.subarray(first, end), (place) => ids[place] ?? 0)
}

function met({ ids }: Order, set: EntrySet, { first, end }: Stretch): number[] {
  const taken: number[] = []
  let seen = 0
  for (let place = 0; place < ids.length && seen < end; place++) {
    const id = ids[place] ?? 0
    if (hasEntry(set, id) && seen++ >= first) taken.push(id)
  }
  return taken
}

function readSorted(db: Database, sort: FixedSort, entries: number): Uint32Array {
  switch (sort) {
    case 'newest':
    case 'name':
      return readOrder(db, sort)
    case 'price':
      return byNumber(db, 'price', entries, false)
    case '-price':
      return byNumber(db, 'price', entries, true)
    case 'context':
      return byNumber(db, 'context', entries, true)
    case '-context':
      return byNumber(db, 'context', entries, false)
  }
}

function byNumber(db: Database, name: NumberColumn, entries: number, isDescending: boolean): Uint32Array {
  const { numbers, ids } = readNumbers(db, name)
  const known = entrySet(entries)
  for (const id of ids) addEntry(known, id)
  const sorted = new Uint32Array(entries)
  sorted.set(isDescending ? descending(numbers, ids) : ids)
  sorted.set(
    readOrder(db, 'id').filter((id) => !hasEntry(known, id)),
    ids.length,
  )
  return sorted
}

/** The largest number first; those of one number stay as they are. */
function descending(numbers: Float64Array, ids: Uint32Array): Uint32Array {
  const turned = new Uint32Array(ids.length)
  for (let end = ids.length; end > 0; ) {
    const largest = numbers[end - 1] ?? 0
    const start = placeOf(numbers, (number) => number >= largest)
    turned.set(ids.subarray(start, end), ids.length - end)
    end = start
  }
  return turned
}
