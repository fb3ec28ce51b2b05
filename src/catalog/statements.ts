import type { Database, Statement } from '../db/open.ts'

/** How many shapes of a request keep their prepared statement. */
const MAX_STATEMENTS = 200

/** Gives the prepared statement of an SQL text. */
export type StatementCache = (sql: string) => Statement

/** Prepared statements by their SQL: as many as there are shapes of requests, the longest unused one goes first. */
export function statementCache(db: Database): StatementCache {
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
