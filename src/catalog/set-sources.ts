import { addEntry, type EntrySet, entrySet, type StoredSet, unpacked } from '../db/entry-sets.ts'
import type { Database } from '../db/open.ts'
import { LAST_CHARACTER } from '../db/search-text.ts'
import { boundedCache } from './bounded-cache.ts'

/** Most that sets kept in memory may take, in bytes. */
const MAX_SET_BYTES = 16 * 1024 * 1024
/** What a kept set takes beside its bits, in bytes; about. */
const OVERHEAD_BYTES = 200

/** Where a set of entries is found: stored by an ingest, or by a statement. */
export interface SetSource {
  kind: StoredSet | SearchedSet
  value: string
}

export function storedSet(kind: StoredSet, value: string): SetSource {
  return { kind, value }
}

/** The sets that are searched for: by a string of FTS5, or by how a title begins, in joined form. */
type SearchedSet = 'substring of a text' | 'substring of a tail' | 'runs' | 'beginning of a title'

const STORED_SQL = 'SELECT members FROM entry_set WHERE kind = ? AND value = ?'
const SEARCH_SQL: Record<SearchedSet, string> = {
  'substring of a text': 'SELECT rowid FROM entry_text WHERE entry_text MATCH ?',
  'substring of a tail': 'SELECT rowid FROM entry_tail WHERE entry_tail MATCH ?',
  runs: 'SELECT rowid FROM entry_run WHERE entry_run MATCH ?',
  'beginning of a title': `SELECT entry FROM entry_key WHERE kind = 'title' AND key >= ? AND key < ?`,
}

/** The statement that finds a source's set, and its values. */
export function statementOf({ kind, value }: SetSource): { sql: string; values: string[] } {
  if (!isSearched(kind)) return { sql: STORED_SQL, values: [kind, value] }
  const isRange = kind === 'beginning of a title'
  return { sql: SEARCH_SQL[kind], values: isRange ? [value, value + LAST_CHARACTER] : [value] }
}

function isSearched(kind: SetSource['kind']): kind is SearchedSet {
  return kind in SEARCH_SQL
}

/** Gives the set of a source; it is shared and must not be changed. */
export type ReadSet = (source: SetSource) => EntrySet

/** Reads the sets of one state of a catalog of that many entries. */
export function setReader(db: Database, entries: number): ReadSet {
  const prepared = (sql: string) => db.prepare<string[], unknown>(sql).pluck()
  const statements = new Map<string, ReturnType<typeof prepared>>()
  const nothing = entrySet(entries)
  const kept = boundedCache<string, EntrySet>(
    MAX_SET_BYTES,
    (key, set) => key.length + OVERHEAD_BYTES + (set === nothing ? 0 : set.byteLength),
  )

  const find = (source: SetSource): EntrySet => {
    const { sql, values } = statementOf(source)
    const statement = statements.get(sql) ?? prepared(sql)
    statements.set(sql, statement)
    const rows = statement.all(...values)
    const [first] = rows
    if (first === undefined) return nothing
    if (first instanceof Uint8Array) return unpacked(first, entries)
    const set = entrySet(entries)
    for (const id of rows) addEntry(set, Number(id))
    return set
  }
  return (source) => {
    const key = `${source.kind}\0${source.value}`
    const known = kept.get(key)
    if (known !== undefined) return known
    const set = find(source)
    kept.set(key, set)
    return set
  }
}
