import type { BrowseQuery } from '../catalog/browse-params.ts'
import { openCatalog } from '../catalog/catalog.ts'
import { MAX_QUERY_LENGTH } from '../catalog/match.ts'
import { AppError, UsageError } from '../errors.ts'
import { shownPrice, UNKNOWN } from './amounts.ts'
import { SORTS } from './choices.ts'
import { type CatalogEntry, shownLimit, styleOf } from './entry.ts'
import type { Given } from './lookup.ts'
import { catalogFile, countOf, dateOf, numberOf, refuseEmptyRange, wordOf, wordsOf } from './option-values.ts'
import { noteMore, print, printJson } from './output.ts'
import { type Column, fittedTable } from './table.ts'

const DEFAULT_LIMIT = 20

const COLUMNS: readonly Column[] = [
  { title: 'ID', least: 24 },
  { title: 'NAME', least: 16, rank: 2 },
  { title: 'CONTEXT', align: 'right' },
  { title: 'INPUT', align: 'right' },
  { title: 'OUTPUT', align: 'right' },
  { title: 'RELEASED', rank: 1 },
  { title: 'CAPABILITIES', least: 20, rank: 3 },
  { title: 'STATUS' },
]

export function search(given: Given): void {
  const query = queryOf(given)
  const catalog = openCatalog(catalogFile(given))
  try {
    const { body, didYouMean = [] } = catalog.browse(query)
    const answer: { models: CatalogEntry[]; total: number } = JSON.parse(String(body))
    if (given.options.json) printJson(answer)
    else if (answer.total > 0) print(tableOfEntries(answer.models))
    if (answer.total === 0) throw new AppError('not_found', nothingFound(didYouMean))
    noteMore(query.offset + answer.models.length, answer.total, 'models')
  } finally {
    catalog.close()
  }
}

function queryOf(given: Given): BrowseQuery {
  const text = given.words.join(' ').trim()
  if ([...text].length > MAX_QUERY_LENGTH) {
    throw new UsageError(`what to search for must have at most ${MAX_QUERY_LENGTH} characters`)
  }
  refuseEmptyRange(given, 'min-context', 'max-context')
  refuseEmptyRange(given, 'min-price', 'max-price')
  return {
    query: text || undefined,
    limit: countOf(given, 'limit', 1) ?? DEFAULT_LIMIT,
    offset: countOf(given, 'offset', 0) ?? 0,
    sort: SORTS.find((sort) => sort === given.options.sort) ?? 'relevance',
    provider: wordOf(given, 'provider'),
    capabilities: wordsOf(given, 'capability'),
    open_weights: given.options['open-weights'] ? true : undefined,
    min_context: bounded(countOf(given, 'min-context', 1)),
    max_context: bounded(countOf(given, 'max-context', 1)),
    min_price: numberOf(given, 'min-price'),
    max_price: numberOf(given, 'max-price'),
    featured: given.options.featured === true,
    family: wordOf(given, 'family'),
    status: wordOf(given, 'status'),
    input_modality: wordsOf(given, 'input-modality'),
    output_modality: wordsOf(given, 'output-modality'),
    released_after: dateOf(given, 'released-after'),
    format: 'json',
  }
}

function bounded(tokens: number | undefined): bigint | undefined {
  return tokens === undefined ? undefined : BigInt(tokens)
}

function tableOfEntries(entries: readonly CatalogEntry[]): string {
  return fittedTable(
    COLUMNS,
    entries.map((entry) => ({ cells: cellsOf(entry), style: styleOf(entry) })),
  )
}

function cellsOf({ id, name, cost, limits, capabilities, release_date, status }: CatalogEntry): string[] {
  return [
    id,
    name ?? UNKNOWN,
    shownLimit(limits?.context),
    shownPrice(cost?.input),
    shownPrice(cost?.output),
    release_date ?? UNKNOWN,
    capabilities.join(' '),
    status ?? '',
  ]
}

function nothingFound(didYouMean: readonly string[]): string {
  const suggestions = didYouMean.map((query) => JSON.stringify(query)).join(' or ')
  return suggestions === '' ? 'no model found' : `no model found; did you mean ${suggestions}?`
}
