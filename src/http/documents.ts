import type { DocumentName } from '../formats/documents.ts'
import { encodedPreparer, sendAnswer } from './answer.ts'
import type { AppContext, Handler } from './context.ts'
import { chooseCoding } from './encoding.ts'

export const API_JSON_PATH = '/api.json'
export const MODELS_JSON_PATH = '/models.json'
export const CATALOG_JSON_PATH = '/catalog.json'
export const LITELLM_PATH = '/litellm/model_prices_and_context_window.json'

/** Answers with a whole document. What follows a `?` is passed over, as it is for the files that it stands for. */
export function documentHandler({ documents, config }: AppContext, name: DocumentName): Handler {
  const prepare = encodedPreparer(config)
  return async (request, response) => {
    const { exchange } = response.locals
    const { bodies, ...document } = await documents.current(name)
    const coding = chooseCoding(request.headers['accept-encoding'])
    sendAnswer(exchange, prepare({ ...document, bytes: bodies[coding ?? 'identity'] }, coding))
  }
}
