import type { Database, Statement } from '../db/open.ts'
import { type Compiled, compileList } from './compile.ts'
import type { ListQuery } from './params.ts'

/** How many shapes of a request keep their prepared statement. */
const MAX_STATEMENTS = 200

const NOTHING = '{"models":[],"total":0}'

/** Answers list requests with the JSON of an InferenceCatalogListResponse. */
export function lister(db: Database): (query: ListQuery) => string {
  const prepared = statementCache(db)
  const all = ({ sql, params }: Compiled) => prepared(sql).all(params) as { json: string; total: number }[]
  return (query) => {
    const compiled = compileList(query)
    if (compiled === null) return NOTHING
    const rows = all(compiled.page)
    const [counted] = compiled.count === null ? rows : all(compiled.count)
    return `{"models":[${rows.map(({ json }) => json).join(',')}],"total":${counted?.total ?? 0}}`
  }
}

/** Prepared statements by their SQL: as many as there are shapes of requests, the longest unused one goes first. */
function statementCache(db: Database): (sql: string) => Statement {
  const statements = new Map<string, Statement>()
  return (sql) => {
    const statement = statements.get(sql) ?? db.prepare(sql)
    statements.delete(sql)
    statements.set(sql, statement)
    const [oldest] = statements.keys()
    if (statements.size > MAX_STATEMENTS && oldest !== undefined) statements.delete(oldest)
    return statement
  }
}
