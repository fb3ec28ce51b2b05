import { compileList } from '../src/catalog/compile.ts'
import { parseListQuery, type QueryPair } from '../src/catalog/params.ts'
import { statementOf } from '../src/catalog/set-sources.ts'
import { openForReading, withDatabase } from '../src/db/open.ts'

/** The statements that find a request's sets of entries, and how SQLite goes about each, as text. */
export function explain(file: string, shape: string, pairs: readonly QueryPair[]): string {
  const { filters, text } = compileList(parseListQuery(pairs))
  const request = pairs.map(([name, value]) => `${name}=${value}`).join('&')
  const sources = [
    ...filters.sets,
    ...(text?.terms.flat() ?? []),
    ...(text === null ? [] : [text.beginning]),
    ...(text?.starts?.flat() ?? []),
  ]
  const lines = withDatabase(openForReading(file), (db) =>
    sources.map(statementOf).flatMap(({ sql, values }) => [
      `${sql} -- ${values.map((value) => JSON.stringify(value)).join(', ')}`,
      ...db
        .prepare<string[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...values)
        .map(({ detail }) => `    ${detail}`),
    ]),
  )
  const ranges = filters.ranges.map(
    ({ column, min, max }) => `${column} within ${min} and ${max}: read from memory`,
  )
  return [`## ${shape}`, request, ...lines, ...ranges, ''].join('\n')
}
