import type { NumberColumn, StoredSet } from '../db/entry-sets.ts'
import { compileText, type TextQuery } from './match.ts'
import type { ListQuery } from './params.ts'
import type { SetSource } from './set-sources.ts'

/** A list request, compiled. */
export interface CompiledList {
  filters: Filters
  /** Null where no query is given. */
  text: TextQuery | null
  /** Whether only the curated set is asked for. */
  featured: boolean
  limit: number
}

/** What of a request narrows the entries, the text aside: they are in each set and within each range. */
export interface Filters {
  sets: SetSource[]
  ranges: Range[]
}

/** Bounds on a number that must be known, both inclusive. */
export interface Range {
  column: NumberColumn
  min: number
  max: number
}

export function compileList(query: ListQuery): CompiledList {
  const text = query.query === undefined ? null : compileText(query.query)
  return {
    filters: compileFilters(query),
    text,
    featured: query.featured && text === null,
    limit: query.limit,
  }
}

export function compileFilters(query: ListQuery): Filters {
  const { provider, open_weights, capabilities } = query
  return {
    sets: [
      ...set('provider', provider),
      ...set('open_weights', open_weights === undefined ? undefined : String(Number(open_weights))),
      ...capabilities.flatMap((capability) => set('capability', capability)),
    ],
    ranges: [
      ...range('context', query.min_context, query.max_context),
      ...range('price', query.min_price, query.max_price),
    ],
  }
}

function set(kind: StoredSet, value: string | undefined): SetSource[] {
  return value === undefined ? [] : [{ kind, value }]
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
