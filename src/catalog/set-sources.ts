import { addEntry, addPacked, type EntrySet, entrySet, type StoredSet } from '../db/entry-sets.ts'
import type { Database } from '../db/open.ts'
import { LAST_CHARACTER, runs, type SearchedTexts } from '../db/search-text.ts'
import { boundedCache } from './bounded-cache.ts'
import { type RunPart, runSets } from './run-sets.ts'

/** Most that sets kept in memory may take, in bytes. */
const MAX_SET_BYTES = 8 * 1024 * 1024
/** What a kept set takes beside its bits and its name, in bytes; about. */
const OVERHEAD_BYTES = 200

/** Where a set of entries is found: stored by an ingest, or by a search. */
export interface SetSource {
  kind: StoredSet | SearchedSet
  value: string
}

/** A set whose entries hold something in one of their texts. */
export interface TextSource extends SetSource {
  kind: 'substring' | 'start' | 'text' | 'later' | 'tail' | 'runs'
}

/**
 * The entries that hold `value` in their text, hold it there but for where a run starts (others may be among them), begin a
 * tail with it, hold it in their runs (see search-text.ts), or have a title whose key begins with it.
 */
type SearchedSet = 'text' | 'later' | 'tail' | 'runs' | 'title'

const STORED_SQL = 'SELECT members FROM entry_set WHERE kind = ? AND value = ?'
const IN_TEXT = {
  sql: 'SELECT rowid FROM entry_text WHERE entry_text MATCH ?',
  values: (value: string) => [quoted(value)],
}
const SEARCHES: Record<SearchedSet, { sql: string; values: (value: string) => string[] }> = {
  text: IN_TEXT,
  later: IN_TEXT,
  tail: {
    sql: 'SELECT members FROM entry_tail WHERE tail >= ? AND tail < ?',
    values: beginningWith,
  },
  runs: {
    sql: 'SELECT rowid FROM entry_run WHERE entry_run MATCH ?',
    // What does not end in a blank may be the beginning of a longer run.
    values: (value) => [value.endsWith(' ') ? quoted(value) : `${quoted(value)} *`],
  },
  title: {
    sql: `SELECT entry FROM entry_key WHERE kind = 'title' AND key >= ? AND key < ?`,
    values: beginningWith,
  },
}

/** The statement that finds a source's set, and its values. */
export function statementOf({ kind, value }: SetSource): { sql: string; values: string[] } {
  if (!isSearched(kind)) return { sql: STORED_SQL, values: [kind, value] }
  const { sql, values } = SEARCHES[kind]
  return { sql, values: values(value) }
}

function isSearched(kind: SetSource['kind']): kind is SearchedSet {
  return kind in SEARCHES
}

function beginningWith(value: string): string[] {
  return [value, value + LAST_CHARACTER]
}

/** As a string of FTS5, in which nothing is an operator. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

/** Whether an entry of these texts is in the source's set. */
export function isIn({ kind, value }: SetSource, texts: SearchedTexts): boolean {
  if (kind === 'runs') return texts.runs.includes(value)
  if (kind === 'tail' || kind === 'start') return texts.tails.some((tail) => tail.startsWith(value))
  return texts.folded.includes(value)
}

/** What a source's entries must have runs for; null: they are not found by runs. */
function runPartsOf({ kind, value }: SetSource): RunPart[] | null {
  if (kind !== 'text' && kind !== 'later' && kind !== 'runs') return null
  const all = runs(value)
  const parts = all.map((run, place): RunPart => {
    // What the text begins or ends with may be a part of a longer run. The spaced form begins with a blank.
    const isOpenBefore = place === 0 && value.startsWith(run)
    const isOpenBehind = place === all.length - 1 && value.endsWith(run)
    if (isOpenBefore && kind === 'later') return { run, as: isOpenBehind ? 'laterPart' : 'properEnd' }
    if (isOpenBefore) return { run, as: isOpenBehind ? 'part' : 'end' }
    return { run, as: isOpenBehind ? 'beginning' : 'whole' }
  })
  return parts.length > 0 ? parts : null
}

/** Gives sets; they are shared and must not be changed. */
export interface SetReader {
  read(source: SetSource): EntrySet
  /** Whether the set is at hand, without a search. */
  isAtHand(source: SetSource): boolean
  /** Whether some id or name has a run with this in it; undefined: there are too many runs to tell. */
  hasRun(part: string): boolean | undefined
}

/** Reads the sets of one state of a catalog of that many entries. */
export function setReader(db: Database, entries: number, textsOf: (id: number) => SearchedTexts): SetReader {
  const prepared = (sql: string) => db.prepare<string[], unknown>(sql).pluck()
  const statements = new Map<string, ReturnType<typeof prepared>>()
  const all = (sql: string, values: readonly string[]): unknown[] => {
    const statement = statements.get(sql) ?? prepared(sql)
    statements.set(sql, statement)
    return statement.all(...values)
  }
  const withRuns = runSets(db, entries)
  const nothing = entrySet(entries)
  const kept = boundedCache<string, EntrySet>(
    MAX_SET_BYTES,
    (key, set) => key.length + OVERHEAD_BYTES + (set === nothing ? 0 : set.byteLength),
  )

  const withRows = (rows: readonly unknown[]): EntrySet => {
    if (rows.length === 0) return nothing
    const set = entrySet(entries)
    for (const row of rows) {
      if (row instanceof Uint8Array) addPacked(set, row)
      else addEntry(set, Number(row))
    }
    return set
  }
  const search = (source: SetSource): EntrySet => {
    const { sql, values } = statementOf(source)
    return withRows(all(sql, values))
  }
  const findByRuns = (source: SetSource): EntrySet | undefined => {
    const parts = runPartsOf(source)
    if (parts === null) return undefined
    // A single run stands within a run. Marks around it, or between several, have to be looked for.
    const isSure = parts.length === 1 && (source.kind === 'runs' || parts[0]?.run === source.value)
    return withRuns.find(parts, isSure ? null : (id) => isIn(source, textsOf(id)))
  }
  return {
    read(source) {
      const key = keyOf(source)
      const known = kept.get(key)
      if (known !== undefined) return known
      const set = findByRuns(source) ?? search(source)
      kept.set(key, set)
      return set
    },
    isAtHand: (source) => !isSearched(source.kind) || kept.get(keyOf(source)) !== undefined,
    hasRun: withRuns.holds,
  }
}

function keyOf({ kind, value }: SetSource): string {
  return `${kind}\0${value}`
}
