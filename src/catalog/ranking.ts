import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import { count } from '../db/entry-sets.ts'
import type { Database } from '../db/open.ts'
import { AppError } from '../errors.ts'
import type { Browser } from './browse.ts'
import type { entrySchema } from './entry.ts'
import { estimate, type Reckoning, reckon, unknownCost } from './estimate.ts'
import type { Estimate } from './estimate-answer.ts'
import { firstIds, type Lister } from './list.ts'
import { type PriceList, readPriceLists } from './price-list.ts'
import type { RankingQuery } from './ranking-params.ts'

/** Most models that one request ranks: reckoning them holds up everybody else. */
const MAX_RANKED = 20_000

export interface RankedModel {
  entry: z.infer<typeof entrySchema>
  /** An error where what it costs is unknown. */
  cost: Estimate | AppError
}

/** What requests to each of the models that match cost. */
export interface Ranking {
  /** Those asked for, in order. */
  models: RankedModel[]
  /** How many there are, whichever are asked for. */
  total: number
  /** Of how many the cost is known. */
  priced: number
}

export type Ranker = (query: RankingQuery) => Ranking

/** Ranks models by cost, the cheapest first, in one state of a catalog of that many entries. */
export function ranker(
  db: Database,
  entries: number,
  { bodies }: Pick<Lister, 'bodies'>,
  matching: Browser['matching'],
): Ranker {
  const listsOf = priceListKeeper(db)
  const rank = (query: RankingQuery): Ranked => {
    const set = matching(query)
    const matches = count(set)
    if (matches > MAX_RANKED) {
      throw new AppError('invalid', `${matches} models match; at most ${MAX_RANKED} are ranked at once`)
    }
    // In the standing order, in which equals stay.
    const { priced, unpriced } = reckonAll(query, listsOf(firstIds(set, entries, matches)))
    const listed = query.free ? priced : priced.filter(({ reckoned }) => !reckoned.usdPerRequest.eq(0))
    listed.sort((one, other) => one.reckoned.usdPerRequest.cmp(other.reckoned.usdPerRequest))
    return { models: [...listed, ...unpriced], priced: listed.length }
  }
  /** Whoever asks for a page asks for the next one, too. */
  let last: (Ranked & { asked: Omit<RankingQuery, 'offset' | 'limit'> }) | undefined
  return (query) => {
    const { offset, limit, ...asked } = query
    if (last === undefined || !isDeepStrictEqual(asked, last.asked)) last = { asked, ...rank(query) }
    return {
      models: last.models.slice(offset, offset + limit).map(({ id: row, list, reckoned }) => {
        const entry: RankedModel['entry'] = JSON.parse(bodies.of(row))
        const { id } = entry
        const isUnknown = typeof reckoned === 'string'
        return { entry, cost: isUnknown ? unknownCost(id, reckoned) : estimate(id, query, list, reckoned) }
      }),
      total: last.models.length,
      priced: last.priced,
    }
  }
}

/** All that match, in order. */
interface Ranked extends Pick<Ranking, 'priced'> {
  models: (Listed & { reckoned: Reckoning | string })[]
}

interface Listed {
  /** Of its row. */
  id: number
  list: PriceList
}

function reckonAll(query: RankingQuery, models: readonly Listed[]) {
  /** Many models have the very same prices. */
  const known = new Map<PriceList, Reckoning | string>()
  const priced: (Listed & { reckoned: Reckoning })[] = []
  const unpriced: (Listed & { reckoned: string })[] = []
  for (const { id, list } of models) {
    const reckoned = known.get(list) ?? reckon(query, list)
    known.set(list, reckoned)
    if (typeof reckoned === 'string') unpriced.push({ id, list, reckoned })
    else priced.push({ id, list, reckoned })
  }
  return { priced, unpriced }
}

/** Reads price lists once; those that are equal are one object. */
function priceListKeeper(db: Database): (ids: readonly number[]) => Listed[] {
  const kept = new Map<number, PriceList>()
  const different = new Map<string, PriceList>()
  return (ids) => {
    // Of a far larger catalog, not all of it.
    if (kept.size > MAX_RANKED) {
      kept.clear()
      different.clear()
    }
    const missing = ids.filter((id) => !kept.has(id))
    for (const [id, list] of readPriceLists(db, missing)) {
      const text = JSON.stringify(list)
      const equal = different.get(text) ?? list
      different.set(text, equal)
      kept.set(id, equal)
    }
    return ids.flatMap((id) => {
      const list = kept.get(id)
      return list === undefined ? [] : [{ id, list }]
    })
  }
}
