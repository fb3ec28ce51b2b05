import { compileList } from '../src/catalog/compile.ts'
import { parseListQuery, type QueryPair } from '../src/catalog/params.ts'
import { openForReading, withDatabase } from '../src/db/open.ts'

/** The statements a request is answered with, and how SQLite goes about each, as text. */
export function explain(file: string, shape: string, pairs: readonly QueryPair[]): string {
  const compiled = compileList(parseListQuery(pairs))
  const request = pairs.map(([name, value]) => `${name}=${value}`).join('&')
  const statements = [compiled?.page, compiled?.count].filter((statement) => statement != null)
  const lines = withDatabase(openForReading(file), (db) =>
    statements.flatMap(({ sql, params }) => [
      sql.replaceAll(/\s+/g, ' ').trim(),
      ...db
        .prepare<[typeof params], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all(params)
        .map(({ detail }) => `    ${detail}`),
    ]),
  )
  return [`## ${shape}`, request, ...lines, ''].join('\n')
}
