import type { StoredSet } from '../db/entry-sets.ts'
import { gatherer } from '../db/gatherer.ts'
import { type Members, NOBODY, unpacked } from '../db/members.ts'
import type { Database } from '../db/open.ts'
import { LAST_CHARACTER, runs, type SearchedTexts, TITLE_MARK } from '../db/search-text.ts'
import { boundedCache, type Lookup } from './bounded-cache.ts'
import { type RunPart, runSets } from './run-sets.ts'
import { spacedForms } from './spaced-forms.ts'

/** Most that sets kept in memory may take, in bytes. */
const MAX_SET_BYTES = 32 * 1024 * 1024
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

/**
 * The statement that finds a source's set, and its values. A joined form, a tail or a title, has one for each of its spaced
 * forms: this is of the one that is cut only where letters meet digits.
 */
export function statementOf({ kind, value }: SetSource): Statement {
  if (!isSearched(kind)) return { sql: STORED_SQL, values: [kind, value] }
  if (kind === 'text' || kind === 'later') return { sql: TEXT_SQL, values: [quoted(value)] }
  const mark = kind === 'title' ? TITLE_MARK : ''
  const form = kind === 'runs' ? value.trimStart() : mark + runs(value).join(' ')
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
  read(source: SetSource): Members
  /** The set, if it takes no search. */
  atHand(source: SetSource): Members | undefined
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
  const gathered = gatherer(entries)
  const withRuns = runSets(db, entries, gathered)
  const formsOf = spacedForms(db, withRuns)
  const kept = boundedCache<SetSource, Members>(
    MAX_SET_BYTES,
    ({ value }, members) => value.length + OVERHEAD_BYTES + members.byteLength,
    sourceLookup,
  )

  const withRows = (rows: readonly unknown[]): Members => {
    const [first] = rows
    if (rows.length === 1 && isStored(first)) return unpacked(first)
    for (const row of rows) {
      if (isStored(row)) gathered.add(unpacked(row))
      else gathered.addId(Number(row))
    }
    return gathered.take()
  }
  const search = (source: SetSource): Members => {
    const { sql, values } = statementOf(source)
    return withRows(all(sql, values))
  }
  const inText = ({ kind, value }: SetSource): Members | undefined => {
    const parts = runPartsOf(value, kind === 'later')
    if (parts.length === 0) return undefined
    // A single run stands within a run. Marks around it, or between several, have to be looked for.
    const isSure = parts.length === 1 && parts[0]?.run === value
    return withRuns.find(parts, isSure ? null : (id) => isIn({ kind, value }, textsOf(id)))
  }
  const inRuns = (value: string): Members | undefined => {
    const run = value.slice(1)
    return run.includes(' ') ? undefined : withRuns.find([{ run, as: 'beginning' }], null)
  }
  const inJoinedForm = (value: string, mark: '' | typeof TITLE_MARK): Members => {
    const found: Members[] = []
    for (const form of formsOf(value, mark)) found.push(read({ kind: 'runs', value: ` ${form}` }))
    const [only = NOBODY] = found
    if (found.length < 2) return only
    for (const members of found) gathered.add(members)
    return gathered.take()
  }
  const find = (source: SetSource): Members => {
    if (source.kind === 'tail') return inJoinedForm(source.value, '')
    if (source.kind === 'title') return inJoinedForm(source.value, TITLE_MARK)
    if (source.kind === 'runs') return inRuns(source.value) ?? search(source)
    if (source.kind === 'text' || source.kind === 'later') return inText(source) ?? search(source)
    return search(source)
  }
  const read = (source: SetSource): Members => {
    const known = kept.get(source)
    if (known !== undefined) return known
    const set = find(source)
    kept.set(source, set)
    return set
  }
  return {
    read,
    atHand: (source) => (isSearched(source.kind) ? kept.get(source) : read(source)),
    hasRun: withRuns.holds,
  }
}

function isStored(row: unknown): row is Uint8Array {
  return row instanceof Uint8Array
}

/** By kind and value: one key of both would be put together and hashed each time a set is looked for. */
function sourceLookup<T>(): Lookup<SetSource, T> {
  const byKind = new Map<SetSource['kind'], Map<string, T>>()
  return {
    get: ({ kind, value }) => byKind.get(kind)?.get(value),
    set({ kind, value }, found) {
      const ofKind = byKind.get(kind) ?? new Map<string, T>()
      byKind.set(kind, ofKind.set(value, found))
    },
    delete({ kind, value }) {
      byKind.get(kind)?.delete(value)
    },
  }
}
