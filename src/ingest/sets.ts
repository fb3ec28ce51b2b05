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
  /** Keeps an entry's number; unknown where it is null. */
  put(column: NumberColumn, id: number, value: number | null): void
  /** Writes what was collected, in the caller's transaction. */
  write(db: Database): void
}

/** For a catalog of that many entries. */
export function setWriter(entries: number): SetWriter {
  const words = wordsFor(entries)
  const sets = new Map<StoredSet, Map<string, EntrySet | number[]>>()
  const columns: Record<NumberColumn, Known[]> = { context: [], price: [] }
  return {
    add(kind, value, id) {
      const ofKind = sets.get(kind) ?? new Map<string, EntrySet | number[]>()
      if (ofKind.size === 0) sets.set(kind, ofKind)
      const members = ofKind.get(value) ?? []
      if (members instanceof Uint32Array) addEntry(members, id)
      else {
        members.push(id)
        // As many row ids as there are words take as much room as the bits.
        ofKind.set(value, members.length < words ? members : withEntries(entries, members))
      }
    },
    put(column, id, value) {
      if (value !== null) columns[column].push({ id, value })
    },
    write(db) {
      const insertSet = inserter(db, 'entrySet')
      for (const [kind, ofKind] of sets) {
        insertSet([...ofKind].map(([value, members]) => ({ kind, value, members: packed(members) })))
      }
      const insertColumn = inserter(db, 'entryColumn')
      for (const name of NUMBER_COLUMNS) {
        const known = columns[name].sort((a, b) => a.value - b.value || a.id - b.id)
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
