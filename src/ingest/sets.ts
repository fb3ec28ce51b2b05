import { NUMBER_COLUMNS, type NumberColumn, packed, type StoredSet } from '../db/entry-sets.ts'
import { bufferedInserter, inserter } from '../db/insert.ts'
import type { Database } from '../db/open.ts'
import { shortText } from '../db/search-text.ts'
import { memberLists } from './members.ts'
import { namedLists } from './named-lists.ts'

/** Collects what entries have in common, one entry after the other, by ascending row id. */
export interface SetWriter {
  add(kind: StoredSet, value: string, id: number): void
  /** A substring of one or two characters, as `eachShortText` tells it. */
  addShort(first: number, second: number, id: number): void
  /** A tail of an entry's texts. */
  addTail(tail: string, id: number): void
  /** Keeps an entry's number; unknown where it is null. */
  put(column: NumberColumn, id: number, value: number | null): void
  /** How many entries have each value of a kind. */
  counts(kind: StoredSet): Map<string, number>
  /** Writes what was collected, in the caller's transaction. `tieOf` tells who of equals comes first. */
  write(tieOf: (id: number) => number): void
}

const ASCII = 128

/** For a catalog of that many entries. */
export function setWriter(db: Database, entries: number): SetWriter {
  const lists = memberLists(entries)
  const sets = new Map<StoredSet, Map<string, number>>()
  const tails = namedLists(db, 'tail', entries)
  const columns: Record<NumberColumn, Known[]> = { context: [], price: [] }
  const listOf = (kind: StoredSet, value: string) => {
    let ofKind = sets.get(kind)
    if (ofKind === undefined) {
      ofKind = new Map()
      sets.set(kind, ofKind)
    }
    let list = ofKind.get(value)
    if (list === undefined) {
      list = lists.begin()
      ofKind.set(value, list)
    }
    return list
  }
  /** Nearly all short texts are of ASCII: for those a table does what a map would. */
  const ofAscii = new Int32Array(ASCII * ASCII).fill(-1)
  return {
    add: (kind, value, id) => lists.add(listOf(kind, value), id),
    addShort(first, second, id) {
      if (first >= ASCII || second >= ASCII) {
        lists.add(listOf('substring', shortText(first, second)), id)
        return
      }
      const place = first * ASCII + second
      let list = ofAscii[place] ?? -1
      if (list === -1) {
        list = listOf('substring', shortText(first, second))
        ofAscii[place] = list
      }
      lists.add(list, id)
    },
    addTail: tails.add,
    put(column, id, value) {
      if (value !== null) columns[column].push({ id, value })
    },
    counts: (kind) => new Map([...(sets.get(kind) ?? [])].map(([value, list]) => [value, lists.size(list)])),
    write(tieOf) {
      const insertSet = bufferedInserter(db, 'entrySet')
      for (const kind of [...sets.keys()].sort()) {
        const ofKind = sets.get(kind) ?? new Map<string, number>()
        for (const value of [...ofKind.keys()].sort()) {
          insertSet.add([{ kind, value, members: lists.packed(ofKind.get(value) ?? 0) }])
        }
      }
      insertSet.flush()
      const insertTail = bufferedInserter(db, 'entryTail')
      tails.forEach((tail, members) => {
        insertTail.add([{ tail, members }])
      })
      insertTail.flush()
      const insertColumn = inserter(db, 'entryColumn')
      for (const name of NUMBER_COLUMNS) {
        const known = columns[name].sort((a, b) => a.value - b.value || tieOf(a.id) - tieOf(b.id))
        const numbers = Float64Array.from(known, ({ value }) => value)
        const ids = known.map(({ id }) => id)
        insertColumn([{ name, numbers: Buffer.from(numbers.buffer), ids: packed(ids) }])
      }
    },
  }
}

/** An entry whose number is known. */
interface Known {
  id: number
  value: number
}
