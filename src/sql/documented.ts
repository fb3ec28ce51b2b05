import type { Database } from '../db/open.ts'

/** The tables and views that people may query; all else in the file is internal and may change with any version. */
export const DOCUMENTED = [
  'v_model',
  'v_price',
  'v_change',
  'dataset',
  'provider',
  'provider_env',
  'model',
  'model_capability',
  'model_modality',
  'model_limit',
  'model_cost',
  'model_cost_tier',
  'model_reasoning_option',
  'overlay_field',
  'overlay_original',
  'overlay_notice',
  'state',
  'subject',
  'change',
] as const

export interface DocumentedTable {
  name: string
  type: 'table' | 'view'
  meaning: string
  columns: DocumentedColumn[]
}

export interface DocumentedColumn {
  name: string
  /** As declared; of a view's columns as SQLite derives it. */
  type: string
  meaning: string
}

/** Reads what the schema itself says: SQLite keeps the comments inside a CREATE statement. */
export function readDocumentation(db: Database): DocumentedTable[] {
  const schema = db.prepare<[string], { type: 'table' | 'view'; sql: string }>(
    `SELECT type, sql FROM sqlite_schema WHERE name = ? AND type IN ('table', 'view')`,
  )
  // Generated columns are hidden from pragma_table_info; 1 marks those of virtual tables.
  const columns = db.prepare<[string], { name: string; type: string }>(
    'SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden <> 1',
  )
  return DOCUMENTED.flatMap((name) => {
    const found = schema.get(name)
    if (found === undefined) return []
    const { type, sql } = found
    return {
      name,
      type,
      meaning: tableComment(sql),
      columns: columns.all(name).map((column) => ({
        name: column.name,
        type: column.type.toLowerCase().replace(/ generated always$/, ''),
        meaning: columnComment(sql, column.name),
      })),
    }
  })
}

/** Stands on lines of its own, before the first column. */
function tableComment(sql: string): string {
  const lines = /^[^\n]*\n((?: *-- [^\n]*\n)*)/.exec(sql)?.[1] ?? ''
  return lines.replaceAll(/ *-- /g, ' ').replaceAll('\n', '').trim()
}

/** Stands at the end of the line that begins (in a table) or ends (in a view) with the column's name. */
function columnComment(sql: string, column: string): string {
  const line = new RegExp(`^(?: *${column} [^\\n]*?|[^\\n]*\\b${column}),? -- (.*)$`, 'm')
  return line.exec(sql)?.[1] ?? ''
}
