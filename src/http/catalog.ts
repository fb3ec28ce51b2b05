import { parseListQuery, parseNoQuery } from '../catalog/params.ts'
import { AppError } from '../errors.ts'
import { answerSender } from './answer.ts'
import type { AppContext, Handler } from './context.ts'

export const CATALOG_PATH = '/api/v1/inference/catalog'
/** Everything below the catalog: which part of it is the provider only shows once it is decoded. */
export const MODEL_PATH = /^\/api\/v1\/inference\/catalog\/./

/** The two reading routes of the catalog. */
export function catalogHandlers({ catalog, config }: AppContext): { list: Handler; get: Handler } {
  const send = answerSender(config)

  return {
    list(request, response) {
      const { pairs } = response.locals.target
      send(request, response, catalog.list(parseListQuery(pairs)))
    },

    get(request, response) {
      const { path, pairs } = response.locals.target
      const id = path.slice(CATALOG_PATH.length + 1)
      const slash = id.indexOf('/')
      if (slash < 1 || slash === id.length - 1) {
        throw new AppError('not_found', 'No such route: a model is /catalog/{provider}/{model_id}')
      }
      parseNoQuery(pairs)
      send(request, response, catalog.get(id.slice(0, slash), id.slice(slash + 1)))
    },
  }
}
