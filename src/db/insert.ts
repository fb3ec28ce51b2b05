import type { Database, Statement } from './open.ts'
import type * as schema from './schema.ts'
import type * as serving from './serving-schema.ts'

/** Most rows of one INSERT: a call costs more than a row, up to a few dozen. */
const MAX_ROWS = 32

type Tables = typeof schema & typeof serving
/** A table of the schema, by the name of its export. */
export type TableName = keyof Tables
export type RowOf<Name extends TableName> = Tables[Name]['$inferInsert']

/**
 * A prepared INSERT for rows of a table, which takes its columns from the file. The schema serves as types only: at run
 * time its query builder would cost more than half an ingest (docs/decisions/002-drizzle-at-build-time.md).
 */
export function inserter<Name extends TableName>(
  db: Database,
  name: Name,
): (rows: readonly RowOf<Name>[]) => void {
  const insert = bufferedInserter(db, name)
  return (rows) => {
    insert.add(rows)
    insert.flush()
  }
}

/** Takes rows a few at a time and writes them many at a time; what `flush` was not called for may not be written. */
export interface BufferedInserter<Name extends TableName> {
  add(rows: readonly RowOf<Name>[]): void
  flush(): void
}

export function bufferedInserter<Name extends TableName>(db: Database, name: Name): BufferedInserter<Name> {
  return columnInserter(db, name, columnsOf(db, snakeCase(name)))
}

/**
 * The same for rows with an integer key that come by it, each one more than the row before, as SQLite numbers rows by itself.
 * Were they given, an INSERT of several rows could fail half-way, so that SQLite would begin a savepoint, and at each of those
 * FTS5 writes out what it has gathered: hundreds of small segments, to be merged again.
 */
export function numberedInserter<Name extends TableName>(db: Database, name: Name): BufferedInserter<Name> {
  const table = snakeCase(name)
  const key = keyOf(db, table)
  const { add, flush } = columnInserter(
    db,
    name,
    columnsOf(db, table).filter((column) => column !== key),
  )
  let last = db.prepare<[], number>(`SELECT coalesce(max("${key}"), 0) FROM "${table}"`).pluck().get() ?? 0
  return {
    add(rows) {
      for (const row of rows) {
        const members: Record<string, unknown> = row
        const number = members[camelCase(key)]
        if (number !== last + 1) throw new Error(`${table} has no row ${number} behind ${last}`)
        last++
      }
      add(rows)
    },
    flush,
  }
}

function columnInserter<Name extends TableName>(
  db: Database,
  name: Name,
  columns: readonly string[],
): BufferedInserter<Name> {
  const keys = columns.map(camelCase)
  const into = `INSERT OR ROLLBACK INTO "${snakeCase(name)}" (${columns.map((column) => `"${column}"`).join(', ')})`
  const { put, flush } = rowBuffer(db, into, keys.length)
  return {
    add(rows) {
      for (const row of rows) {
        const members: Record<string, unknown> = row
        for (const key of keys) put(bindable(members[key]))
      }
    },
    flush,
  }
}

/** Takes the values of rows one after the other; what `flush` was not called for may not be written. */
export interface RowBuffer {
  put(value: unknown): void
  flush(): void
}

/** For rows of that many values. `into` is the INSERT up to its VALUES. */
export function rowBuffer(db: Database, into: string, width: number): RowBuffer {
  const places = `(${Array.from({ length: width }, () => '?').join(', ')})`
  const statements: Statement[] = []
  let values: unknown[] = []
  const flush = () => {
    const count = values.length / width
    if (count === 0) return
    statements[count] ??= db.prepare(
      `${into} VALUES ${Array.from({ length: count }, () => places).join(', ')}`,
    )
    statements[count].run(values)
    values = []
  }
  return {
    put(value) {
      values.push(value)
      if (values.length === MAX_ROWS * width) flush()
    },
    flush,
  }
}

/** Stored columns in the table's order; a generated one takes no value. */
function columnsOf(db: Database, table: string): string[] {
  return db
    .prepare<[string], string>('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0')
    .pluck()
    .all(table)
}

/** The column of a table's own key. */
function keyOf(db: Database, table: string): string {
  return (
    db.prepare<[string], string>('SELECT name FROM pragma_table_info(?) WHERE pk = 1').pluck().get(table) ??
    ''
  )
}

/** SQL's name of what TypeScript calls `name`; every table and column of the schema follows this rule. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** The driver knows no booleans. */
function bindable(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : (value ?? null)
}
