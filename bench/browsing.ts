import { parseBrowseQuery, parseFacetsQuery } from '../src/catalog/browse-params.ts'
import type { Catalog } from '../src/catalog/catalog.ts'
import { estimateModel } from '../src/catalog/estimate.ts'
import { parseEstimateQuery } from '../src/catalog/estimate-params.ts'
import { readOffers } from '../src/catalog/offers.ts'
import type { QueryPair } from '../src/catalog/params.ts'
import { resolveId } from '../src/catalog/resolve.ts'
import type { Database } from '../src/db/open.ts'
import { fullDetail } from '../src/formats/full-detail.ts'
import type { Sample } from './entries.ts'
import type { Random } from './random.ts'

/** Answers a request that was read before. */
export type Call = () => unknown
/** Makes calls of one kind, each of another value where the kind has any. */
export type MakeCall = (catalog: Catalog, sample: Sample, random: Random) => Call

const models = (query: string): MakeCall => {
  const parsed = parseBrowseQuery([...new URLSearchParams(query)])
  return (catalog) => () => catalog.browse(parsed)
}
const facets = (query: string): MakeCall => {
  const parsed = parseFacetsQuery([...new URLSearchParams(query)])
  return (catalog) => () => catalog.facets(parsed)
}
/** Of some model whose prices are known. */
const model = (answer: (db: Database, id: string) => unknown): MakeCall => {
  return (catalog, { entries }, random) => {
    const { id } = random.pick(entries.filter(({ cost }) => cost?.input != null && cost.output != null))
    return () => catalog.read((db) => answer(db, id))
  }
}
const USAGE: readonly QueryPair[] = [
  ['input_tokens', '10000'],
  ['output_tokens', '1000'],
]
const modelIdOf = (id: string) => id.slice(id.indexOf('/') + 1)

/** Requests beyond the contract's two routes. */
export const BROWSING: ReadonlyMap<string, MakeCall> = new Map([
  ['sort=price', models('sort=price')],
  ['sort=-price, few matches', models('sort=-price&provider=openai')],
  ['sort=name, last page', models('sort=name&offset=8300')],
  ['query, sort=newest', models('query=claude&sort=newest')],
  ['query, last page', models('query=claude&offset=700')],
  ['modality, date', models('input_modality=image&released_after=2026-03')],
  ['facets of all', facets('')],
  ['facets of a query', facets('query=claude&capabilities=reasoning')],
  ['facets, each without its own', facets('provider=openai&max_price=5&ignore_own=1')],
  ['full detail', model((db, id) => fullDetail(db, id.slice(0, id.indexOf('/')), modelIdOf(id)))],
  ['offers of a model', model(readOffers)],
  [
    'resolve a model ID',
    model((db, id) => resolveId(db, { id: modelIdOf(id), provider: undefined, limit: 20 })),
  ],
  ['estimate', model((db, id) => estimateModel(db, parseEstimateQuery([['id', id], ...USAGE])))],
])
