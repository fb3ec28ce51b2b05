// The contract's answer to a request, computed in memory over the whole catalog, one entry after another.
// It imports nothing from the service: two independent readings that agree are worth more than one.
import { type Catalog, contextOf, type InferenceCatalogEntry, priceOf, toEntry } from './entry.ts'
import {
  compareByQuery,
  compareRanks,
  compareStanding,
  type Indexed,
  labOf,
  labsByFamily,
  lastSegmentOf,
  type Parties,
  partyOf,
  queryKeys,
} from './order.ts'
import { type CatalogRequest, type Fault, maxPairs, type Pair, readPairs } from './params.ts'
import { fitsJoined, fitsSpaced, fold, isSubstring, readText, type Term, termsOf } from './text.ts'

export interface Featured {
  models: { id: string }[]
}

export type Answer =
  | { status: 200; models: InferenceCatalogEntry[]; total: number }
  | { status: 400; values: string[] }
  | { status: 422; faults: Fault[] }

export interface Oracle {
  entries: readonly Indexed[]
  answer(pairs: readonly Pair[]): Answer
  /** All that a request matches, in order, whatever its limit. */
  matches(pairs: readonly Pair[]): Indexed[]
  /** Why an entry stands where it stands, for the message of a failing test. */
  explain(pairs: readonly Pair[], id: string): string
}

export function createOracle(catalog: Catalog, featured: Featured, parties: Parties): Oracle {
  const entries = indexCatalog(catalog, featured, parties).sort(compareStanding)
  const byId = new Map(entries.map((item) => [item.entry.id, item]))

  function answer(pairs: readonly Pair[]): Answer {
    if (pairs.length > maxPairs) return { status: 400, values: [] }
    const reading = readPairs(pairs)
    if (reading.kind === 'faults') return { status: 422, faults: reading.faults }
    if (reading.kind === 'contradiction') return { status: 400, values: reading.values }
    const found = search(entries, reading.request)
    const page = found.slice(0, reading.request.limit)
    return { status: 200, models: page.map((item) => item.entry), total: found.length }
  }

  function explain(pairs: readonly Pair[], id: string): string {
    const item = byId.get(id)
    const reading = readPairs(pairs)
    if (item === undefined) return `${id}: not in the catalog`
    if (reading.kind !== 'request') return `${id}: ${reading.kind}`
    return `${id}: ${explainEntry(item, reading.request)}`
  }

  function matches(pairs: readonly Pair[]): Indexed[] {
    const reading = readPairs(pairs)
    return reading.kind === 'request' ? search(entries, reading.request) : []
  }

  return { entries, answer, matches, explain }
}

function indexCatalog(catalog: Catalog, featured: Featured, parties: Parties): Indexed[] {
  const families = labsByFamily(catalog)
  const ranks = new Map(featured.models.map(({ id }, rank) => [id, rank]))
  return Object.entries(catalog).flatMap(([provider, { models }]) =>
    Object.entries(models).map(([modelId, model]) => {
      const entry = toEntry(provider, modelId, model)
      const id = readText(entry.id)
      const name = entry.name === null ? null : readText(entry.name)
      const lab = labOf(provider, modelId, model, families)
      return {
        entry,
        modelId,
        family: model.family ?? null,
        lab,
        party: partyOf(provider, lab, parties),
        deprecated: entry.status === 'deprecated',
        featuredRank: ranks.get(entry.id) ?? Number.POSITIVE_INFINITY,
        texts: name === null ? [id] : [id, name],
        id,
        model: readText(modelId),
        lastSegment: readText(lastSegmentOf(modelId)),
        name,
      }
    }),
  )
}

/** All matches, in order. The entries come in standing order. */
function search(entries: readonly Indexed[], request: CatalogRequest): Indexed[] {
  const left = entries.filter((item) => passesFilters(item.entry, request))
  const { query, featured } = request
  if (query === null) {
    if (!featured) return left
    return left.filter((item) => Number.isFinite(item.featuredRank)).sort(compareRanks)
  }
  const terms = termsOf(fold(query))
  return left
    .filter((item) => terms.every((term) => matchesTerm(item, term)))
    .map((item) => ({ ...item, keys: queryKeys(item, query) }))
    .sort(compareByQuery)
}

function matchesTerm(item: Indexed, term: Term): boolean {
  return rulesFor(term).some((rule) => item.texts.some((text) => rule(term, text)))
}

const allRules = [isSubstring, fitsJoined, fitsSpaced]

/** By number; a term without any letter or digit follows the first alone. */
function rulesFor(term: Term) {
  return term.hasLetter || term.hasDigit ? allRules : [isSubstring]
}

function passesFilters(entry: InferenceCatalogEntry, request: CatalogRequest): boolean {
  const { provider, capabilities, openWeights } = request
  const context = contextOf(entry)
  const price = priceOf(entry)
  return (
    (provider === null || entry.provider.toLowerCase() === provider.toLowerCase()) &&
    capabilities.every((name) => entry.capabilities.includes(name)) &&
    (openWeights === null || entry.open_weights === openWeights) &&
    isWithin(context === null ? null : BigInt(context), request.minContext, request.maxContext) &&
    isWithin(price, request.minPrice, request.maxPrice)
  )
}

function isWithin<T extends bigint | number>(value: T | null, least: T | null, most: T | null): boolean {
  if (least === null && most === null) return true
  if (value === null) return false
  return (least === null || value >= least) && (most === null || value <= most)
}

function explainEntry(item: Indexed, request: CatalogRequest): string {
  const { entry } = item
  const facts = [
    `lab ${item.lab}`,
    `party ${item.party}`,
    `released ${entry.release_date}`,
    ...(item.deprecated ? ['deprecated'] : []),
    ...(Number.isFinite(item.featuredRank) ? [`featured ${item.featuredRank}`] : []),
    ...(passesFilters(entry, request) ? [] : ['fails a filter']),
  ]
  if (request.query === null) return facts.join(', ')
  const terms = termsOf(fold(request.query)).map((term) => {
    const fitting = rulesFor(term).map((rule) => item.texts.some((text) => rule(term, text)))
    return `${JSON.stringify(term.folded)} by rules ${JSON.stringify(fitting)}`
  })
  return [...facts, ...terms, JSON.stringify(queryKeys(item, request.query))].join(', ')
}
