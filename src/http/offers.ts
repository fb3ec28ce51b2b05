import { parseNoQuery } from '../catalog/params.ts'
import { answerSender } from './answer.ts'
import type { AppContext, Handler } from './context.ts'
import { modelOf } from './model-path.ts'

export const OFFERED_PATH = '/api/v1/inference/offers'
/** Everything below: which part of it is the lab only shows once it is decoded. */
export const OFFERS_PATH = /^\/api\/v1\/inference\/offers\/./

/** Answers with one model at all who serve it. */
export function offersHandler({ catalog, config }: AppContext): Handler {
  const answer = answerSender(config)
  return async (_request, response) => {
    const { exchange, target } = response.locals
    const model = modelOf(target.path, OFFERED_PATH).join('/')
    parseNoQuery(target.pairs)
    // Loaded here, so that no start waits for what few ask for.
    const { readOffers } = await import('../catalog/offers.ts')
    answer(
      exchange,
      catalog.read((db, version) => ({ version, body: JSON.stringify(readOffers(db, model)) })),
    )
  }
}
