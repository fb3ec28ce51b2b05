import { mergedMembers } from '../db/members.ts'
import type { Database, Statement } from '../db/open.ts'
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
/** Names that are read back at a time. */
const NAMES_READ = 4_096

/** For a catalog of that many entries. `label` names what is put aside: no two at a time may share it. */
export function namedLists(db: Database, label: string, entries: number, maxNames = MAX_NAMES): NamedLists {
  let lists = memberLists(entries)
  const names = new Map<string, number>()
  let last = 0
  const aside = asideTable(db, label, entries)
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

/** A table of its own for what does not fit into memory; temporary, so it goes with the connection. */
function asideTable(db: Database, label: string, entries: number) {
  let insert: Statement | undefined
  return {
    isEmpty: () => insert === undefined,
    add(name: string, members: Buffer): void {
      if (insert === undefined) {
        db.exec(`CREATE TEMP TABLE ${label}_aside (name TEXT, members BLOB)`)
        insert = db.prepare(`INSERT INTO temp.${label}_aside VALUES (?, ?)`)
      }
      insert.run(name, members)
    },
    forEach(tell: (name: string, members: Buffer) => void): void {
      db.exec(`CREATE TEMP TABLE ${label}_sorted AS SELECT name, members FROM temp.${label}_aside ORDER BY name, rowid;
        DROP TABLE temp.${label}_aside`)
      const read = db
        .prepare<[number], [number, string, Buffer]>(
          `SELECT rowid, name, members FROM temp.${label}_sorted WHERE rowid > ? ORDER BY rowid LIMIT ${NAMES_READ}`,
        )
        .raw()
      let [last, held, parts]: [number, string | undefined, Buffer[]] = [0, undefined, []]
      for (let rows = read.all(last); rows.length > 0; rows = read.all(last)) {
        for (const [rowid, name, members] of rows) {
          if (held !== undefined && held !== name) tell(held, mergedMembers(parts, entries))
          if (held !== name) parts = []
          held = name
          parts.push(members)
          last = rowid
        }
      }
      if (held !== undefined) tell(held, mergedMembers(parts, entries))
      db.exec(`DROP TABLE temp.${label}_sorted`)
    },
  }
}
