import { parseFacetsQuery } from '../catalog/browse-params.ts'
import { answerSender } from './answer.ts'
import type { AppContext, Handler } from './context.ts'

export const FACETS_PATH = '/api/v1/inference/facets'

/** Tells what the matches of a request have in common. */
export function facetsHandler({ catalog, config }: AppContext): Handler {
  const answer = answerSender(config)
  return (_request, response) => {
    const { exchange, target } = response.locals
    answer(exchange, catalog.facets(parseFacetsQuery(target.pairs)))
  }
}
