import { z } from 'zod'
import { entrySchema } from '../catalog/entry.ts'
import type { RankedModel } from '../catalog/ranking.ts'
import { parseRankingQuery } from '../catalog/ranking-params.ts'
import { AppError } from '../errors.ts'
import { answerSender } from './answer.ts'
import type { AppContext, Handler } from './context.ts'
import { payload } from './errors.ts'
import { estimateResultSchema } from './estimate.ts'
import { addPageLinks } from './page-links.ts'

export const ESTIMATES_PATH = '/api/v1/inference/estimates'

export const rankingSchema = z
  .object({
    results: z.array(estimateResultSchema.omit({ id: true }).extend({ entry: entrySchema })),
    total: z.int().nonnegative().meta({ description: 'All that are listed, whatever the page holds.' }),
    priced: z.int().nonnegative().meta({ description: 'Of how many the cost is known: they come first.' }),
  })
  .meta({ id: 'CatalogRanking', description: 'What each model that matches costs, the cheapest first.' })

/** Ranks what matches by what requests cost. */
export function estimatesHandler({ catalog, config }: AppContext): Handler {
  const answer = answerSender(config)
  return (_request, response) => {
    const { exchange, target } = response.locals
    const query = parseRankingQuery(target.pairs)
    const { version, models, ...counts } = catalog.rank(query)
    addPageLinks(exchange, target, { ...query, total: counts.total })
    answer(exchange, { version, body: JSON.stringify({ results: models.map(resultOf), ...counts }) })
  }
}

function resultOf({ entry, cost }: RankedModel): z.infer<typeof rankingSchema>['results'][number] {
  return cost instanceof AppError
    ? { entry, estimate: null, error: payload(cost) }
    : { entry, estimate: cost, error: null }
}
