import { addEntry, addPacked, type EntrySet, entrySet, type StoredSet, unite } from '../db/entry-sets.ts'
import type { Database } from '../db/open.ts'
import { LAST_CHARACTER, runs, type SearchedTexts } from '../db/search-text.ts'
import { boundedCache } from './bounded-cache.ts'
import { type RunPart, runSets } from './run-sets.ts'
import { spacedForms } from './spaced-forms.ts'

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
const TEXT_SQL = 'SELECT rowid FROM entry_text WHERE entry_text MATCH ?'
/** By how many runs stand one behind the other: one, two, more. */
const SEQUENCE_SQL = [
  `SELECT members FROM entry_set WHERE kind = 'run' AND value >= ? AND value < ?`,
  'SELECT members FROM entry_pair WHERE pair >= ? AND pair < ?',
  'SELECT members FROM entry_tail WHERE tail >= ? AND tail < ?',
] as const
const TITLE_SQL = `SELECT entry FROM entry_key WHERE kind = 'title' AND key >= ? AND key < ?`

/** The statement that finds a source's set, and its values. A joined form has one for each of its spaced forms. */
export function statementOf({ kind, value }: SetSource): Statement {
  if (!isSearched(kind)) return { sql: STORED_SQL, values: [kind, value] }
  if (kind === 'title') return { sql: TITLE_SQL, values: beginningWith(value) }
  if (kind === 'text' || kind === 'later') return { sql: TEXT_SQL, values: [quoted(value)] }
  const form = value.trimStart()
  const sql = SEQUENCE_SQL[runs(form).length - 1] ?? SEQUENCE_SQL[2]
  return { sql, values: beginningWith(form) }
}

interface Statement {
  sql: string
  values: string[]
}

const SEARCHED = new Set<string>(['text', 'later', 'tail', 'runs', 'title'] satisfies SearchedSet[])

function isSearched(kind: SetSource['kind']): kind is SearchedSet {
  return SEARCHED.has(kind)
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

/** What the entries with a text must have runs for. */
function runPartsOf(text: string, isLater: boolean): RunPart[] {
  const all = runs(text)
  return all.map((run, place): RunPart => {
    // What the text begins or ends with may be a part of a longer run.
    const isOpenBefore = place === 0 && text.startsWith(run)
    const isOpenBehind = place === all.length - 1 && text.endsWith(run)
    if (isOpenBefore && isLater) return { run, as: isOpenBehind ? 'laterPart' : 'properEnd' }
    if (isOpenBefore) return { run, as: isOpenBehind ? 'part' : 'end' }
    return { run, as: isOpenBehind ? 'beginning' : 'whole' }
  })
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
  const nothing = entrySet(entries)
  const withRuns = runSets(db, entries, nothing)
  const formsOf = spacedForms(db, withRuns)
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
  const inText = ({ kind, value }: SetSource): EntrySet | undefined => {
    const parts = runPartsOf(value, kind === 'later')
    if (parts.length === 0) return undefined
    // A single run stands within a run. Marks around it, or between several, have to be looked for.
    const isSure = parts.length === 1 && parts[0]?.run === value
    return withRuns.find(parts, isSure ? null : (id) => isIn({ kind, value }, textsOf(id)))
  }
  const inRuns = (value: string): EntrySet | undefined => {
    const [run = '', ...others] = runs(value)
    return others.length > 0 ? undefined : withRuns.find([{ run, as: 'beginning' }], null)
  }
  const inJoinedForm = (value: string): EntrySet => {
    const found = formsOf(value)
      .map((form) => read({ kind: 'runs', value: ` ${form}` }))
      .filter((set) => set !== nothing)
    const [first = nothing, ...others] = found
    if (others.length === 0) return first
    const set = first.slice()
    for (const other of others) unite(set, other)
    return set
  }
  const find = (source: SetSource): EntrySet => {
    if (source.kind === 'tail') return inJoinedForm(source.value)
    if (source.kind === 'runs') return inRuns(source.value) ?? search(source)
    if (source.kind === 'text' || source.kind === 'later') return inText(source) ?? search(source)
    return search(source)
  }
  const read = (source: SetSource): EntrySet => {
    const key = keyOf(source)
    const known = kept.get(key)
    if (known !== undefined) return known
    const set = find(source)
    kept.set(key, set)
    return set
  }
  return {
    read,
    isAtHand: (source) => !isSearched(source.kind) || kept.get(keyOf(source)) !== undefined,
    hasRun: withRuns.holds,
  }
}

function keyOf({ kind, value }: SetSource): string {
  return `${kind}\0${value}`
}
