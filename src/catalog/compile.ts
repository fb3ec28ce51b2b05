import { CAPABILITIES } from '../db/capabilities.ts'
import { compileText, type TextQuery } from './match.ts'
import type { ListQuery } from './params.ts'

/** SQL that holds no value, and its values by name. */
export interface Compiled {
  sql: string
  params: Record<string, string | number>
}

/** A list request as SQL: one statement for the page and, where the page does not bring the total along, one for it. */
export interface CompiledList {
  /** Rows of `json` and, with a query, `total`. */
  page: Compiled
  /** A row of `total`; null where each row of the page carries it. */
  count: Compiled | null
}

/** Orders behind every letter and digit. */
const LAST_CHARACTER = '\u{10FFFF}'
/** Contexts are safe integers, so no bound beyond this one tells more. */
const MAX_BOUND = BigInt(Number.MAX_SAFE_INTEGER) + 1n

/** Filters that compare one column: what of the request, as which condition. */
const FILTERS = [
  ['provider', 'e.provider = @provider', (query) => query.provider],
  ['open_weights', 'e.open_weights = @open_weights', ({ open_weights }) => bit(open_weights)],
  ['min_context', 'e.context >= @min_context', ({ min_context }) => bound(min_context)],
  ['max_context', 'e.context <= @max_context', ({ max_context }) => bound(max_context)],
  ['min_price', 'e.price >= @min_price', (query) => query.min_price],
  ['max_price', 'e.price <= @max_price', (query) => query.max_price],
] as const satisfies [
  name: string,
  condition: string,
  value: (query: ListQuery) => string | number | undefined,
][]

/** What of a request narrows the entries `e`, the text aside. */
export interface Filters {
  conditions: string[]
  params: Compiled['params']
}

/** Compiles a request; null when it names a capability that does not exist, which nothing matches. */
export function compileList(query: ListQuery): CompiledList | null {
  const filters = compileFilters(query)
  if (filters === null) return null
  const { conditions } = filters
  const params = { limit: query.limit, ...filters.params }
  if (query.query !== undefined) return compileSearch(compileText(query.query), conditions, params)
  if (query.featured) conditions.push('e.featured IS NOT NULL')
  return compileBrowse(conditions, params, query.featured ? 'e.featured' : 'e.id')
}

/** A request's filters; null when it names a capability that does not exist. */
export function compileFilters(query: ListQuery): Filters | null {
  const bits = capabilityBits(query.capabilities)
  if (bits === null) return null
  const params: Compiled['params'] = {}
  const conditions: string[] = []
  for (const [name, condition, value] of FILTERS) {
    const given = value(query)
    if (given === undefined) continue
    conditions.push(condition)
    params[name] = given
  }
  if (bits !== 0) {
    conditions.push('e.capabilities & @capabilities = @capabilities')
    params.capabilities = bits
  }
  return { conditions, params }
}

/** Without a query: row ids stand in the standing order, so the page is where the scan stops. */
function compileBrowse(
  conditions: string[],
  params: Compiled['params'],
  order: 'e.featured' | 'e.id',
): CompiledList {
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
  const { limit, ...filters } = params
  return {
    page: {
      sql: `
        SELECT b.json
        FROM (SELECT e.id, ${order} AS place FROM entry e ${where} ORDER BY ${order} LIMIT @limit) p
        CROSS JOIN entry_body b ON b.id = p.id
        ORDER BY p.place`,
      params,
    },
    count: { sql: `SELECT count(*) AS total FROM entry e ${where}`, params: filters },
  }
}

/**
 * With a query: the search runs once, into `hit`, for the page and the total alike. `CROSS JOIN` keeps SQLite to the
 * order written: from the index to the entries it found.
 */
function compileSearch(text: TextQuery, filters: string[], params: Compiled['params']): CompiledList {
  const { search, grams } = text
  const conditions = [...filters]
  if (search !== null) {
    conditions.push('entry_search MATCH @search')
    params.search = search
  }
  if (grams !== null) {
    const isOnly = search === null
    conditions.push(
      isOnly
        ? 'entry_gram MATCH @grams'
        : 'e.id IN (SELECT rowid FROM entry_gram WHERE entry_gram MATCH @grams)',
    )
    params.grams = grams
  }
  const index = search === null ? 'entry_gram' : 'entry_search'
  const sql = `
    WITH hit AS MATERIALIZED (
      SELECT e.id, e.deprecated, e.party, e.recency, t.id_key = @key AS is_id, ${closeness(text, params)} AS closeness
      FROM ${index} f
      CROSS JOIN entry e ON e.id = f.rowid
      CROSS JOIN entry_text t ON t.id = e.id
      WHERE ${conditions.join(' AND ')}
    )
    SELECT b.json, (SELECT count(*) FROM hit) AS total
    FROM (SELECT id, ${SEARCH_RANK} AS rank, recency FROM hit ORDER BY rank, recency LIMIT @limit) p
    CROSS JOIN entry_body b ON b.id = p.id
    ORDER BY p.rank, p.recency`
  return { page: { sql, params }, count: null }
}

const IS_MAKER_OR_HOST = '(party <= 1)'
/** Exact before near before inside; others' exact copies are near, as close as what begins with the query. */
const GROUP = `CASE closeness WHEN 0 THEN NOT ${IS_MAKER_OR_HOST} WHEN 3 THEN 2 ELSE 1 END`
const CLOSENESS = `max(closeness, NOT ${IS_MAKER_OR_HOST} AND closeness = 0)`
/**
 * The contract's order with a query, down to the release date, as one number: each step counts less than the one before
 * it, which the factors (how many values the step has) see to.
 */
const SEARCH_RANK = `((((NOT is_id) * 3 + ${GROUP}) * 2 + deprecated) * 3 + party) * 4 + ${CLOSENESS}`

/** How near an entry is to the whole query, 0 to 3; adds the values it compares with. */
function closeness({ key, joined, runStarts }: TextQuery, params: Compiled['params']): string {
  params.key = key
  const cases = ['WHEN @key IN (t.model_key, t.segment_key, t.name_key) THEN 0']
  if (joined !== '') {
    params.joined = joined
    params.joined_end = joined + LAST_CHARACTER
    const begins = (column: string) => `(${column} >= @joined AND ${column} < @joined_end)`
    cases.push(`WHEN ${begins('t.segment_key')} OR ${begins('t.name_key')} THEN 1`)
  }
  if (runStarts !== null) {
    const starts = runStarts.map((text, index) => {
      params[`run${index}`] = text
      return `instr(t.spaced, @run${index}) > 0`
    })
    cases.push(`WHEN ${starts.join(' AND ')} THEN 2`)
  }
  return `CASE ${cases.join(' ')} ELSE 3 END`
}

const KNOWN: readonly string[] = CAPABILITIES

/** One bit per capability; null when one of the names is none. */
function capabilityBits(names: readonly string[]): number | null {
  let bits = 0
  for (const name of names) {
    const place = KNOWN.indexOf(name)
    if (place < 0) return null
    bits |= 1 << place
  }
  return bits
}

function bit(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value)
}

function bound(tokens: bigint | undefined): number | undefined {
  if (tokens === undefined) return undefined
  return Number(tokens > MAX_BOUND ? MAX_BOUND : tokens)
}
