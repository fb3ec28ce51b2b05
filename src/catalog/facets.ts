import {
  count,
  countShared,
  type EntrySet,
  entrySet,
  hasEntry,
  NO_STATUS,
  type NumberColumn,
  type StoredSet,
} from '../db/entry-sets.ts'
import { addMembers, type Members, unpacked } from '../db/members.ts'
import type { Database } from '../db/open.ts'
import type { Browser } from './browse.ts'
import type { FacetsQuery } from './browse-params.ts'
import type { FilterQuery } from './compile.ts'
import type { Facets, Histogram } from './facets-answer.ts'
import type { Finder } from './find.ts'

/** USD per 1M tokens; the first bucket holds what is free. */
const PRICE: Scale = {
  column: 'price',
  least: 0,
  bounds: [0, 0.1, 0.5, 1, 3, 10, 30],
  minAfter: (bound) => bound,
}
/** Tokens. */
const CONTEXT: Scale = {
  column: 'context',
  least: 1,
  bounds: [8_192, 32_768, 131_072, 262_144, 1_048_576],
  minAfter: (bound) => bound + 1,
}

/** What a request asks for without a facet's own filter. */
const WITHOUT = {
  provider: { provider: undefined },
  capability: { capabilities: [] },
  family: { family: undefined },
  status: { status: undefined },
  input_modality: { input_modality: [] },
  output_modality: { output_modality: [] },
  open_weights: { open_weights: undefined },
  price: { min_price: undefined, max_price: undefined },
  context: { min_context: undefined, max_context: undefined },
} as const satisfies Record<Exclude<keyof Facets, 'total'>, Partial<FilterQuery>>

/** Counts what the matches of a request have in common, in one state of a catalog of that many entries. */
export function facetCounter(
  db: Database,
  entries: number,
  find: Finder,
  matching: Browser['matching'],
): (query: FacetsQuery) => Facets {
  const valuesOf = valueReader(db, entries)
  const price = histogramOf(PRICE, find)
  const context = histogramOf(CONTEXT, find)
  return (query) => {
    const matches = matching(query).slice()
    const setFor = (facet: keyof typeof WITHOUT) =>
      query.ignore_own ? matching({ ...query, ...WITHOUT[facet] }) : matches
    const known = (kind: keyof typeof WITHOUT & StoredSet) => countValues(valuesOf(kind), setFor(kind))
    const orUnknown = (kind: keyof typeof WITHOUT & StoredSet) => {
      const set = setFor(kind)
      return withUnknown(countValues(valuesOf(kind), set), count(set) - countShared(set, valuesOf(kind).any))
    }
    return {
      total: count(matches),
      provider: mostFirst(known('provider')),
      capability: mostFirst(known('capability')),
      family: mostFirst(orUnknown('family')),
      status: mostFirst(withoutStatusLast(known('status'))),
      input_modality: mostFirst(orUnknown('input_modality')),
      output_modality: mostFirst(orUnknown('output_modality')),
      open_weights: mostFirst(orUnknown('open_weights')).map(({ value, count }) => ({
        value: value === null ? null : value === '1',
        count,
      })),
      price: price(setFor('price')),
      context: context(setFor('context')),
    }
  }
}

interface Counted<Value = string> {
  value: Value
  count: number
}

function countValues({ values }: Values, set: EntrySet): Counted[] {
  return values
    .map(({ value, members, isBits }) => ({
      value,
      count: isBits ? countShared(set, members) : countMembers(set, members),
    }))
    .filter(({ count }) => count > 0)
}

function countMembers(set: EntrySet, ids: Members): number {
  let total = 0
  for (const id of ids) if (hasEntry(set, id)) total++
  return total
}

function withUnknown(known: readonly Counted[], unknown: number): Counted<string | null>[] {
  return unknown > 0 ? [...known, { value: null, count: unknown }] : [...known]
}

function withoutStatusLast(statuses: readonly Counted[]): Counted<string | null>[] {
  const inService = statuses.find(({ value }) => value === NO_STATUS)
  return withUnknown(
    statuses.filter((status) => status !== inService),
    inService?.count ?? 0,
  )
}

/** Sorting keeps those of one count in their order: by code point, unknown last. */
function mostFirst<Value>(counted: readonly Counted<Value>[]): Counted<Value>[] {
  return counted.toSorted((a, b) => b.count - a.count)
}

/** The values that entries have of one kind. */
interface Values {
  /** By code point. */
  values: { value: string; members: Members; isBits: boolean }[]
  /** The entries that have any. */
  any: EntrySet
}

/** Each kind is read when it is first asked for, and kept as it is stored: for most values a few row ids. */
function valueReader(db: Database, entries: number): (kind: StoredSet) => Values {
  const stored = db.prepare<[StoredSet], { value: string; members: Uint8Array }>(
    'SELECT value, members FROM entry_set WHERE kind = ? ORDER BY value',
  )
  const kept = new Map<StoredSet, Values>()
  return (kind) => {
    const known = kept.get(kind)
    if (known !== undefined) return known
    const any = entrySet(entries)
    const values = stored.all(kind).map(({ value, members }) => {
      const those = unpacked(members)
      addMembers(any, those)
      return { value, members: those, isBits: those.length === any.length }
    })
    kept.set(kind, { values, any })
    return { values, any }
  }
}

/** How a number is counted. */
interface Scale {
  column: NumberColumn
  /** The least that the first bucket holds. */
  least: number
  /** The upper bound of each bucket but the last, inclusive. */
  bounds: readonly number[]
  /** The `min` of the bucket behind a bound. */
  minAfter(bound: number): number
}

/** Each bucket holds the numbers above the bound before its own, up to its own, the last one all above. */
function histogramOf({ column, least, bounds, minAfter }: Scale, find: Finder): (set: EntrySet) => Histogram {
  let sets: EntrySet[] | undefined
  return (set) => {
    sets ??= [...bounds, Number.POSITIVE_INFINITY].map((max) => find.upTo(column, max))
    const reached = sets.map((members) => countShared(set, members))
    const buckets = reached.map((reach, place) => {
      const before = bounds[place - 1]
      return {
        min: before === undefined ? least : minAfter(before),
        max: bounds[place] ?? null,
        count: reach - (reached[place - 1] ?? 0),
      }
    })
    return { unknown: count(set) - (reached.at(-1) ?? 0), buckets }
  }
}
