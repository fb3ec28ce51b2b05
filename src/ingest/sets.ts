import {
  addEntry,
  type EntrySet,
  entrySet,
  NUMBER_COLUMNS,
  type NumberColumn,
  packed,
  type StoredSet,
  wordsFor,
} from '../db/entry-sets.ts'
import { inserter } from '../db/insert.ts'
import type { Database } from '../db/open.ts'

/** Collects what entries have in common, one entry after the other, by ascending row id. */
export interface SetWriter {
  add(kind: StoredSet, value: string, id: number): void
  /** A tail of an entry's texts. */
  addTail(tail: string, id: number): void
  /** Keeps an entry's number; unknown where it is null. */
  put(column: NumberColumn, id: number, value: number | null): void
  /** Writes what was collected, in the caller's transaction. `tieOf` tells who of equals comes first. */
  write(db: Database, tieOf: (id: number) => number): void
}

/** Row ids, or bits where those take less room. */
type Members = number[] | EntrySet

/** For a catalog of that many entries. */
export function setWriter(entries: number): SetWriter {
  const words = wordsFor(entries)
  const sets = new Map<StoredSet, Map<string, Members>>()
  const tails = new Map<string, Members>()
  const columns: Record<NumberColumn, Known[]> = { context: [], price: [] }
  const addTo = (all: Map<string, Members>, name: string, id: number) => {
    const members = all.get(name) ?? []
    if (members instanceof Uint32Array) addEntry(members, id)
    else {
      members.push(id)
      // As many row ids as there are words take as much room as the bits.
      all.set(name, members.length < words ? members : withEntries(entries, members))
    }
  }
  return {
    add(kind, value, id) {
      const ofKind = sets.get(kind) ?? new Map<string, Members>()
      if (ofKind.size === 0) sets.set(kind, ofKind)
      addTo(ofKind, value, id)
    },
    addTail: (tail, id) => addTo(tails, tail, id),
    put(column, id, value) {
      if (value !== null) columns[column].push({ id, value })
    },
    write(db, tieOf) {
      const insertSet = inserter(db, 'entrySet')
      for (const [kind, ofKind] of sets) {
        insertSet([...ofKind].map(([value, members]) => ({ kind, value, members: packed(members) })))
      }
      const insertTail = inserter(db, 'entryTail')
      // By code unit, which for nearly all is the table's own order: its pages are full then.
      const inOrder = [...tails].sort(([a], [b]) => (a < b ? -1 : 1))
      insertTail(inOrder.map(([tail, members]) => ({ tail, members: packed(members) })))
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

function withEntries(entries: number, ids: readonly number[]): EntrySet {
  const set = entrySet(entries)
  for (const id of ids) addEntry(set, id)
  return set
}
