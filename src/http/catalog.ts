import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CatalogAnswer } from '../catalog/catalog.ts'
import { parseListQuery, parseNoQuery } from '../catalog/params.ts'
import { AppError } from '../errors.ts'
import { answerSender, prepareAnswer } from './answer.ts'
import { answerCache } from './answer-cache.ts'
import type { AppContext, Handler } from './context.ts'
import { chooseCoding } from './encoding.ts'

export const CATALOG_PATH = '/api/v1/inference/catalog'
/** Everything below the catalog: which part of it is the provider only shows once it is decoded. */
export const MODEL_PATH = /^\/api\/v1\/inference\/catalog\/./

export interface CatalogHandlers {
  /** Answers at once what was answered before. Stands behind all checks of who asks, and before those of what. */
  again: Handler
  list: Handler
  get: Handler
}

/** The two reading routes of the catalog. */
export function catalogHandlers({ catalog, config }: AppContext): CatalogHandlers {
  const send = answerSender(config)
  const answers = answerCache(catalog)
  const answer = (
    request: IncomingMessage & { originalUrl: string },
    response: ServerResponse,
    found: CatalogAnswer,
  ) => {
    const prepared = prepareAnswer(found, chooseCoding(request.headers['accept-encoding']))
    answers.keep(request.originalUrl, prepared)
    send(request, response, prepared)
  }

  return {
    again(request, response, next) {
      const isRead = request.method === 'GET' || request.method === 'HEAD'
      const coding = chooseCoding(request.headers['accept-encoding'])
      const kept = isRead ? answers.find(request.originalUrl, coding) : undefined
      if (kept === undefined) next()
      else send(request, response, kept)
    },

    list(request, response) {
      const { pairs } = response.locals.target
      answer(request, response, catalog.list(parseListQuery(pairs)))
    },

    get(request, response) {
      const { path, pairs } = response.locals.target
      const id = path.slice(CATALOG_PATH.length + 1)
      const slash = id.indexOf('/')
      if (slash < 1 || slash === id.length - 1) {
        throw new AppError('not_found', 'No such route: a model is /catalog/{provider}/{model_id}')
      }
      parseNoQuery(pairs)
      answer(request, response, catalog.get(id.slice(0, slash), id.slice(slash + 1)))
    },
  }
}
