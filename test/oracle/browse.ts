// The longer list and the facets, computed in memory from what the oracle finds: filter, sort, cut, count.
import type { Oracle } from './contract.ts'
import { contextOf, priceOf } from './entry.ts'
import type { Indexed } from './order.ts'
import type { Pair } from './params.ts'
import { compareCodePoints, fold, trimBlanks } from './text.ts'

/** A request: what the contract's list knows stands in `contract`, spelt however; all else is read already. */
export interface BrowseRequest {
  contract: Pair[]
  family: string | null
  status: string | null
  inputs: string[]
  outputs: string[]
  releasedAfter: string | null
}

export interface Cut {
  sort: string
  offset: number
  limit: number
}

export function browse(oracle: Oracle, request: BrowseRequest, { sort, offset, limit }: Cut) {
  const found = matching(oracle, request)
  const key = keys[sort]
  if (key !== undefined) found.sort((a, b) => compareKeys(key(a), key(b)) || compareTies(a, b))
  return { models: found.slice(offset, offset + limit).map(({ entry }) => entry), total: found.length }
}

type Key = string | number | null

/** The smaller comes first; turned round, what is unknown stays last. */
const keys: Record<string, (item: Indexed) => { value: Key; down?: boolean }> = {
  newest: ({ entry }) => ({ value: entry.release_date, down: true }),
  name: ({ entry }) => ({ value: fold(entry.name || entry.id) }),
  price: ({ entry }) => ({ value: priceOf(entry) }),
  '-price': ({ entry }) => ({ value: priceOf(entry), down: true }),
  context: ({ entry }) => ({ value: contextOf(entry), down: true }),
  '-context': ({ entry }) => ({ value: contextOf(entry) }),
}
export const sorts = ['relevance', ...Object.keys(keys)]

function compareKeys(a: { value: Key; down?: boolean }, b: { value: Key }): number {
  if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
  const order =
    typeof a.value === 'number' && typeof b.value === 'number'
      ? a.value - b.value
      : compareCodePoints(String(a.value), String(b.value))
  return a.down ? -order : order
}

function compareTies(a: Indexed, b: Indexed): number {
  return compareCodePoints(a.entry.provider, b.entry.provider) || compareCodePoints(a.modelId, b.modelId)
}

function matching(oracle: Oracle, request: BrowseRequest): Indexed[] {
  const { family, status, inputs, outputs, releasedAfter } = request
  return oracle.matches(request.contract).filter((item) => {
    const { release_date: date } = item.entry
    const has = modalitiesOf(item)
    return (
      (family === null || plain(item.family) === family) &&
      (status === null || (plain(item.entry.status) ?? 'none') === status) &&
      inputs.every((name) => has.input.includes(name)) &&
      outputs.every((name) => has.output.includes(name)) &&
      (releasedAfter === null || (date !== null && date >= releasedAfter))
    )
  })
}

/** As filters compare it; a blank text says nothing. */
export function plain(text: string | null): string | null {
  return trimBlanks(text ?? '').toLowerCase() || null
}

function modalitiesOf({ entry }: Indexed) {
  const read = (all: readonly string[] | undefined) => (all ?? []).map(plain).filter((name) => name !== null)
  return { input: read(entry.modalities?.input), output: read(entry.modalities?.output) }
}

const priceBounds = [0, 0.1, 0.5, 1, 3, 10, 30]
const contextBounds = [8192, 32768, 131072, 262144, 1048576]

/** The facets of a request; with `ignoreOwn` each without its own filter. */
export function facets(oracle: Oracle, request: BrowseRequest, ignoreOwn: boolean) {
  const all = matching(oracle, request)
  const without = (names: string[], changed: Partial<BrowseRequest> = {}) => {
    if (!ignoreOwn) return all
    const contract = request.contract.filter(([name]) => !names.includes(name))
    return matching(oracle, { ...request, contract, ...changed })
  }
  return {
    total: all.length,
    provider: tally(without(['provider']), ({ entry }) => [entry.provider.toLowerCase()]),
    capability: tally(without(['capabilities', 'capabilities[]']), ({ entry }) => entry.capabilities),
    family: tally(without([], { family: null }), ({ family }) => [plain(family)]),
    status: tally(without([], { status: null }), ({ entry }) => [plain(entry.status)]),
    input_modality: tally(without([], { inputs: [] }), (item) => orNull(modalitiesOf(item).input)),
    output_modality: tally(without([], { outputs: [] }), (item) => orNull(modalitiesOf(item).output)),
    open_weights: tally(without(['open_weights']), ({ entry }) => [entry.open_weights]),
    price: histogram(
      without(['min_price', 'max_price']).map(({ entry }) => priceOf(entry)),
      priceBounds,
      0,
    ),
    context: histogram(
      without(['min_context', 'max_context']).map(({ entry }) => contextOf(entry)),
      contextBounds,
      1,
    ),
  }
}

function orNull(names: string[]): (string | null)[] {
  return names.length === 0 ? [null] : names
}

function tally<Value extends string | boolean | null>(
  items: readonly Indexed[],
  valuesOf: (item: Indexed) => readonly Value[],
) {
  const counts = new Map<Value, number>()
  for (const item of items) {
    for (const value of new Set(valuesOf(item))) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort(
      (a, b) =>
        b.count - a.count ||
        Number(a.value === null) - Number(b.value === null) ||
        compareCodePoints(String(a.value), String(b.value)),
    )
}

/** Prices count from above the bound before, windows from the next token on. */
function histogram(numbers: readonly (number | null)[], bounds: readonly number[], least: 0 | 1) {
  const known = numbers.filter((number) => number !== null)
  const buckets = [...bounds, null].map((max, place) => {
    const before = bounds[place - 1]
    const fits = (number: number) =>
      (before === undefined || number > before) && (max === null || number <= max)
    return {
      min: before === undefined ? least : before + least,
      max,
      count: known.filter(fits).length,
    }
  })
  return { unknown: numbers.length - known.length, buckets }
}
