import { constants, DatabaseSync, type StatementSync } from 'node:sqlite'
import { DOCUMENTED } from './documented.ts'

/** Longest statement, in bytes. */
const MAX_SQL_BYTES = 64 * 1024

/** SQLite's own mark of a function without side effects, whose result depends on its arguments only. */
const SQLITE_INNOCUOUS = 0x200000
/** Just as free of side effects, but not marked. */
const STATISTICS = ['median', 'percentile', 'percentile_cont', 'percentile_disc']
/** Table-valued functions that read their arguments only. */
const TABLE_FUNCTIONS = ['json_each', 'json_tree']

/** What may stand behind the one statement: blanks, comments, semicolons. */
const NOTHING = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$))*$/

const { SQLITE_OK, SQLITE_DENY } = constants
/** What a refused action is called; all others are changes. */
const ACTIONS = new Map([
  [constants.SQLITE_ATTACH, 'ATTACH'],
  [constants.SQLITE_DETACH, 'DETACH'],
  [constants.SQLITE_PRAGMA, 'PRAGMA'],
  [constants.SQLITE_TRANSACTION, 'transactions'],
  [constants.SQLITE_SAVEPOINT, 'savepoints'],
])

/** A catalog of which a statement can read the documented tables and views, and do nothing else. */
export interface ConfinedCatalog {
  version: string
  /** @throws Error saying why a statement is refused, or SQLite's own */
  prepare(sql: string): StatementSync
}

/**
 * A statement is compiled twice. First over an outline: a database in memory that has the documented names and no
 * other, so that whatever else a statement names does not exist. Then over the file. SQLite finds the same under the
 * same names there, and only the views it finds reach behind the documented tables. Both times it asks before each
 * action and function that the statement would use.
 */
export function openConfined(file: string, maxCellBytes: number): ConfinedCatalog {
  const limits = { length: maxCellBytes, sqlLength: MAX_SQL_BYTES, attach: 0 }
  const db = new DatabaseSync(file, { readOnly: true, limits })
  // What sorts and joins put aside stays in memory, where it is counted, and off the disk.
  db.exec('PRAGMA temp_store = MEMORY')
  // One state of the catalog for all that is read from here on.
  db.exec('BEGIN')
  const version = readVersion(db)
  const functions = innocuousFunctions(db)
  const outline = outlineOf(db, new DatabaseSync(':memory:', { limits }))
  db.setAuthorizer(guard(functions).decide)

  return {
    version,
    prepare(sql) {
      const { decide, reads, refusal } = guard(functions)
      outline.setAuthorizer(decide)
      try {
        requireOne(sql, outline.prepare(sql))
      } catch (error) {
        throw refusal() ?? error
      }
      outline.setAuthorizer(null)
      const built = [...reads].find((name) => !isDocumented(name) && exists(outline, name))
      if (built !== undefined) throw new Error(`no such table: ${built}`)
      return db.prepare(sql)
    },
  }
}

function readVersion(db: DatabaseSync): string {
  const row = db.prepare('SELECT version FROM dataset').get()
  if (typeof row?.version !== 'string') throw new Error('the file holds no catalog yet')
  return row.version
}

function innocuousFunctions(db: DatabaseSync): Set<unknown> {
  const rows = db.prepare('SELECT name FROM pragma_function_list WHERE flags & ?').all(SQLITE_INNOCUOUS)
  return new Set([...rows.map(({ name }) => name), ...STATISTICS])
}

/** Gives `outline` an empty table for each documented one, of the same columns. */
function outlineOf(db: DatabaseSync, outline: DatabaseSync): DatabaseSync {
  const columns = db.prepare(`
    SELECT group_concat('"' || name || '"', ', ' ORDER BY cid) AS list
    FROM pragma_table_xinfo(?) WHERE hidden <> 1`)
  for (const name of DOCUMENTED) outline.exec(`CREATE TABLE ${name} (${columns.get(name)?.list})`)
  return outline
}

/** Decides what a statement may do, and remembers what it reads. */
function guard(functions: ReadonlySet<unknown>) {
  const reads = new Set<string>()
  let refused: string | undefined
  const decide = (action: number, first: string | null, second: string | null): number => {
    if (action === constants.SQLITE_SELECT || action === constants.SQLITE_RECURSIVE) return SQLITE_OK
    if (action === constants.SQLITE_READ) {
      reads.add(String(first))
      return SQLITE_OK
    }
    if (action === constants.SQLITE_FUNCTION && functions.has(second)) return SQLITE_OK
    refused ??=
      action === constants.SQLITE_FUNCTION
        ? `The function ${second} is not allowed`
        : `Only reading is allowed, not ${ACTIONS.get(action) ?? 'changes'}`
    return SQLITE_DENY
  }
  return { decide, reads, refusal: () => (refused === undefined ? undefined : new Error(refused)) }
}

/** The driver would leave out what stands behind the first statement without a word. */
function requireOne(sql: string, statement: StatementSync): void {
  if (!NOTHING.test(sql.slice(statement.sourceSQL.length))) throw new Error('Only one statement is allowed')
  if (statement.columns().length === 0) throw new Error('Only a query is allowed: this returns no rows')
}

function isDocumented(name: string): boolean {
  return [...DOCUMENTED, ...TABLE_FUNCTIONS].some((documented) => documented === name)
}

/** What SQLite brings along, such as its schema table and pragma functions, also exists where nobody made it. */
function exists(outline: DatabaseSync, name: string): boolean {
  try {
    outline.prepare(`SELECT 1 FROM "${name.replaceAll('"', '""')}"`)
    return true
  } catch {
    return false
  }
}
