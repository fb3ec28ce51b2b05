import { AppError } from '../errors.ts'
import { modelText } from '../formats/openai.ts'
import { answerSender } from './answer.ts'
import type { AppContext, Handler } from './context.ts'

export const OPENAI_MODELS_PATH = '/v1/models'
/** Everything below: an id holds slashes, written as they are or encoded. */
export const OPENAI_MODEL = /^\/v1\/models\/./

/** Answers one model to OpenAI's clients. They may send parameters of their own: none means anything here. */
export function openAiModelHandler({ catalog, config }: AppContext): Handler {
  const answer = answerSender(config)
  return (_request, response) => {
    const { exchange, target } = response.locals
    const id = target.path.slice(OPENAI_MODELS_PATH.length + 1)
    const { version, body } = catalog.read((db, version) => ({ version, body: modelText(db, id) }))
    if (body === undefined) throw new AppError('not_found', `The model '${id}' does not exist`)
    answer(exchange, { version, body })
  }
}
