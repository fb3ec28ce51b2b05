import { parseNoQuery } from '../catalog/params.ts'
import { answerSender } from './answer.ts'
import type { AppContext, Handler } from './context.ts'
import { modelOf } from './model-path.ts'

const MODELS_PATH = '/api/v1/inference/models'
/** Everything below: which part of it is the provider only shows once it is decoded. */
export const DETAIL_PATH = /^\/api\/v1\/inference\/models\/./

/** Answers with all that is known of one model. */
export function detailHandler({ catalog, config }: AppContext): Handler {
  const answer = answerSender(config)
  return async (_request, response) => {
    const { exchange, target } = response.locals
    const [provider, modelId] = modelOf(target.path, MODELS_PATH)
    parseNoQuery(target.pairs)
    // Loaded here, so that no start waits for what reads whole models back.
    const { fullDetail } = await import('../formats/full-detail.ts')
    answer(
      exchange,
      catalog.read((db, version) => ({ version, body: fullDetail(db, provider, modelId) })),
    )
  }
}
