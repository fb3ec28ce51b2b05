import type { Database } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { type Browser, browser } from './browse.ts'
import type { FacetsQuery } from './browse-params.ts'
import type { FilterQuery } from './compile.ts'
import { facetCounter } from './facets.ts'
import { type Lister, lister } from './list.ts'
import { type Ranker, ranker } from './ranking.ts'
import { suggester } from './suggest.ts'

/** What the file holds. */
export interface CatalogSummary {
  version: string
  providers: number
  models: number
}

/** What list requests are answered with while the file holds one state of the catalog. */
export interface Content {
  summary: CatalogSummary
  /** What the rows beside the content were made with. */
  build: string
  lister: Lister
  /** Queries that match in place of one that does not. */
  suggest(query: FilterQuery): string[]
  browser(): Browser
  /** The JSON of a request's facets. */
  facets(query: FacetsQuery): string
  rank: Ranker
}

/** What is remembered of a state is forgotten with it: the same content, built the same way, has the same rows. */
export function contentReader(db: Database, file: string): () => Content {
  type State = CatalogSummary & { build: string }
  const stateOf = db.prepare<[], State>('SELECT version, build, providers, models FROM dataset')
  let held: Content | undefined
  return () => {
    const state = stateOf.get()
    if (state === undefined) throw new AppError('database', `${file} holds no catalog yet`)
    if (held?.summary.version === state.version && held.build === state.build) return held
    const { build, ...summary } = state
    const { models } = summary
    const list = lister(db, models)
    // Most that are open answer nothing else than the contract's routes.
    const browse = once(() => browser(db, models, list))
    const rank = once(() => ranker(db, models, list, browse().matching))
    const count = once(() => facetCounter(db, models, list.find, browse().matching))
    held = {
      summary,
      build,
      lister: list,
      suggest: suggester(db, list),
      browser: browse,
      facets: (query) => JSON.stringify(count()(query)),
      rank: (query) => rank()(query),
    }
    return held
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
