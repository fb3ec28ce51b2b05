import { z } from 'zod'
import { browseQuerySchema, gather } from './browse-params.ts'
import { missingTokens, usageParameters } from './estimate-params.ts'
import { boolean, parameter } from './param-kinds.ts'
import { type QueryPair, readParameters, refuseContradictions } from './params.ts'

const { query, limit, offset, ...filters } = browseQuerySchema.omit({ sort: true, format: true }).shape

/** The parameters of a ranking, in the order in which their faults are reported. */
export const rankingQuerySchema = z.object({
  ...usageParameters,
  free: parameter(boolean)
    .transform((isWanted) => isWanted ?? true)
    .meta({ type: 'boolean', default: true, description: 'Whether what costs nothing is listed, too.' }),
  query,
  limit,
  offset,
  ...filters,
})

/** A request for a ranking, read. */
export type RankingQuery = z.infer<typeof rankingQuerySchema>

/**
 * Reads the parameters of a ranking.
 * @throws AppError `validation` with all faults at once, or `invalid` for a range that holds nothing
 */
export function parseRankingQuery(pairs: readonly QueryPair[]): RankingQuery {
  const { given, lists, unknown } = gather(pairs, rankingQuerySchema.keyof().options)
  const read = readParameters(
    rankingQuerySchema,
    { ...given, ...lists },
    missingTokens(given, ['query']),
    unknown,
  )
  refuseContradictions(read, () => given)
  return read
}
