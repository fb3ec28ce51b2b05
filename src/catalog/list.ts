import type { Database } from '../db/open.ts'
import { type Compiled, compileList } from './compile.ts'
import type { ListQuery } from './params.ts'
import { statementCache } from './statements.ts'

export interface ListAnswer {
  /** The JSON of an InferenceCatalogListResponse. */
  body: string
  total: number
}

const NOTHING: ListAnswer = { body: '{"models":[],"total":0}', total: 0 }

/** Answers list requests. */
export function lister(db: Database): (query: ListQuery) => ListAnswer {
  const prepared = statementCache(db)
  const all = ({ sql, params }: Compiled) => prepared(sql).all(params) as { json: string; total: number }[]
  return (query) => {
    const compiled = compileList(query)
    if (compiled === null) return NOTHING
    const rows = all(compiled.page)
    const [counted] = compiled.count === null ? rows : all(compiled.count)
    const total = counted?.total ?? 0
    return { body: `{"models":[${rows.map(({ json }) => json).join(',')}],"total":${total}}`, total }
  }
}
