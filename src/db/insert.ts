import type { Database, Statement } from './open.ts'
import type * as schema from './schema.ts'

/** Most rows of one INSERT: a model has no more in nearly any table, and a call costs more than a row. */
const MAX_ROWS = 16

type Tables = typeof schema
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
  const table = snakeCase(name)
  const columns = columnsOf(db, table)
  const keys = columns.map(camelCase)
  const into = `INSERT OR ROLLBACK INTO "${table}" (${columns.map((column) => `"${column}"`).join(', ')}) VALUES `
  const places = `(${columns.map(() => '?').join(', ')})`
  const statements: Statement[] = []
  return (rows) => {
    for (let from = 0; from < rows.length; from += MAX_ROWS) {
      const count = Math.min(MAX_ROWS, rows.length - from)
      const values: unknown[] = []
      for (let index = from; index < from + count; index++) {
        const members: Record<string, unknown> = rows[index] ?? {}
        for (const key of keys) values.push(bindable(members[key]))
      }
      statements[count] ??= db.prepare(into + Array.from({ length: count }, () => places).join(', '))
      statements[count].run(values)
    }
  }
}

/** Stored columns in the table's order; a generated one takes no value. */
function columnsOf(db: Database, table: string): string[] {
  return db
    .prepare<[string], string>('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0')
    .pluck()
    .all(table)
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
