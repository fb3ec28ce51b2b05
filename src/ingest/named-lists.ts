import { type RowBuffer, rowBuffer } from '../db/insert.ts'
import { mergedMembers } from '../db/members.ts'
import type { Database } from '../db/open.ts'
import { memberLists } from './member-lists.ts'

/** Sets of entries by name, of any number of names. */
export interface NamedLists {
  /** Adds an entry to what a name stands for; entries come by ascending row id. */
  add(name: string, id: number): void
  /** Tells each name once, in the order of the table that they are for, with its members in their stored form. */
  forEach(tell: (name: string, members: Buffer) => void): void
}

/** Names that are kept in memory; when there are more, they are put aside and sorted by SQLite. */
const MAX_NAMES = 250_000

/** For a catalog of that many entries. `label` names the table in `scratch` where names are put aside: no two may share it. */
export function namedLists(
  scratch: Database,
  label: string,
  entries: number,
  maxNames = MAX_NAMES,
): NamedLists {
  let lists = memberLists(entries)
  const names = new Map<string, number>()
  let last = 0
  const aside = asideTable(scratch, label, entries)
  const putAside = () => {
    for (const [name, list] of names) aside.add(name, lists.packed(list))
    names.clear()
    lists = memberLists(entries)
  }
  return {
    add(name, id) {
      // Between two entries only: a name may come twice for one.
      if (names.size >= maxNames && id > last) putAside()
      last = id
      let list = names.get(name)
      if (list === undefined) {
        list = lists.begin()
        names.set(name, list)
      }
      lists.add(list, id)
    },
    forEach(tell) {
      if (!aside.isEmpty()) {
        putAside()
        aside.forEach(tell)
        return
      }
      // By code unit, which for nearly all is the table's own order: its pages are full then.
      for (const name of [...names.keys()].sort()) tell(name, lists.packed(names.get(name) ?? 0))
    },
  }
}

/** What does not fit into memory. */
function asideTable(scratch: Database, label: string, entries: number) {
  let insert: RowBuffer | undefined
  return {
    isEmpty: () => insert === undefined,
    add(name: string, members: Buffer): void {
      if (insert === undefined) {
        scratch.exec(`CREATE TABLE ${label} (name TEXT, members BLOB)`)
        insert = rowBuffer(scratch, `INSERT INTO ${label}`, 2)
      }
      insert.put(name)
      insert.put(members)
    },
    forEach(tell: (name: string, members: Buffer) => void): void {
      insert?.flush()
      const sorted = scratch
        .prepare<[], [string, Buffer]>(`SELECT name, members FROM ${label} ORDER BY name, rowid`)
        .raw()
      let held: string | undefined
      let parts: Buffer[] = []
      for (const [name, members] of sorted.iterate()) {
        if (held !== undefined && held !== name) tell(held, mergedMembers(parts, entries))
        if (held !== name) parts = []
        held = name
        parts.push(members)
      }
      if (held !== undefined) tell(held, mergedMembers(parts, entries))
    },
  }
}
