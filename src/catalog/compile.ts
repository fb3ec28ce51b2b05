import type { NumberColumn, StoredSet } from '../db/entry-sets.ts'
import { compileText, type TextQuery } from './match.ts'
import type { ListQuery } from './params.ts'
import type { SetSource } from './set-sources.ts'

/** What a request asks for, whichever route it is for. */
export interface FilterQuery extends Omit<ListQuery, 'limit' | 'at'> {
  family?: string | undefined
  status?: string | undefined
  /** Every one named is required. */
  input_modality?: readonly string[]
  output_modality?: readonly string[]
  /** The earliest release date, as text. */
  released_after?: string | undefined
}

/** A list request, compiled. */
export interface CompiledList {
  filters: Filters
  /** Null where no query is given. */
  text: TextQuery | null
  /** Whether only the curated set is asked for. */
  featured: boolean
  limit: number
}

/**
 * What of a request narrows the entries, the text aside: they are in each set, within each range, and were released from
 * then on.
 */
export interface Filters {
  sets: SetSource[]
  ranges: Range[]
  /** The earliest release date; undefined where any will do. */
  releasedFrom: string | undefined
}

/** Bounds on a number that must be known, both inclusive. */
export interface Range {
  column: NumberColumn
  min: number
  max: number
}

export function compileList(query: FilterQuery & { limit: number }): CompiledList {
  const text = query.query === undefined ? null : compileText(query.query)
  return {
    filters: compileFilters(query),
    text,
    featured: query.featured && text === null,
    limit: query.limit,
  }
}

export function compileFilters(query: FilterQuery): Filters {
  const { provider, open_weights, capabilities, input_modality = [], output_modality = [] } = query
  const sets: SetSource[] = []
  const add = (kind: StoredSet, value: string | undefined) => {
    if (value !== undefined) sets.push({ kind, value })
  }
  add('provider', provider)
  add('open_weights', open_weights === undefined ? undefined : String(Number(open_weights)))
  for (const capability of capabilities) add('capability', capability)
  add('family', query.family)
  add('status', query.status)
  for (const modality of input_modality) add('input_modality', modality)
  for (const modality of output_modality) add('output_modality', modality)
  return {
    sets,
    ranges: [
      ...range('context', query.min_context, query.max_context),
      ...range('price', query.min_price, query.max_price),
    ],
    releasedFrom: query.released_after,
  }
}

/** Stored contexts are safe integers, so rounding a bound beyond those changes nothing. */
function range(
  column: NumberColumn,
  min: number | bigint | undefined,
  max: number | bigint | undefined,
): Range[] {
  if (min === undefined && max === undefined) return []
  return [{ column, min: Number(min ?? -Infinity), max: Number(max ?? Infinity) }]
}
