import type { Statement } from '../db/open.ts'
import type { Compiled, Filters } from './compile.ts'
import { compileText } from './match.ts'

/** How many entries that have the text are held against the filters, in the standing order. */
const MAX_EXAMINED = 10_000
/** How many matches are counted: more make no difference to what is suggested first. */
const MAX_COUNTED = 100

/** What a query finds, up to the bounds above. */
export interface Found {
  matches: number
  /** Where the first of them stands in the standing order. */
  first: number
}

/** Looks whether a text finds something under filters, with bounded work; null: it does not. */
export type Probe = (text: string, filters: Filters) => Found | null

export function prober(prepared: (sql: string) => Statement): Probe {
  return (text, filters) => {
    const { sql, params } = compileProbe(text, filters)
    const { matches, first } = prepared(sql).get(params) as { matches: number; first: number | null }
    return first === null ? null : { matches, first }
  }
}

function compileProbe(text: string, { conditions, params }: Filters): Compiled {
  const { search, grams } = compileText(text)
  const inGrams = `SELECT rowid AS id FROM entry_gram WHERE entry_gram MATCH @grams LIMIT ${MAX_EXAMINED}`
  const inSearch = `SELECT rowid AS id FROM entry_search WHERE entry_search MATCH @search LIMIT ${MAX_EXAMINED}`
  const hasBoth = search !== null && grams !== null
  const where = [...conditions, ...(hasBoth ? [`f.id IN (${inGrams})`] : [])]
  const sql = `
    SELECT count(*) AS matches, min(id) AS first
    FROM (
      SELECT f.id
      FROM (${search === null ? inGrams : inSearch}) f
      ${conditions.length > 0 ? 'CROSS JOIN entry e ON e.id = f.id' : ''}
      ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
      LIMIT ${MAX_COUNTED}
    )`
  return {
    sql,
    params: { ...params, ...(search !== null && { search }), ...(grams !== null && { grams }) },
  }
}
