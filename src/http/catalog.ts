import type { CatalogAnswer, CatalogReader } from '../catalog/catalog.ts'
import { parseAtQuery, parseListQuery } from '../catalog/params.ts'
import { AppError } from '../errors.ts'
import { stateAt } from '../history/states.ts'
import { answerPreparer, sendAnswer } from './answer.ts'
import type { AnswerCache } from './answer-cache.ts'
import type { AppContext } from './context.ts'
import { type Coding, chooseCoding } from './encoding.ts'
import { answerError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { modelOf } from './model-path.ts'
import { parseTarget } from './target.ts'

export const CATALOG_PATH = '/api/v1/inference/catalog'
/** Everything below it is a model: which part is the provider only shows once it is decoded. */
const MODEL_ROOT = `${CATALOG_PATH}/`
const MODEL_ROUTE = `${CATALOG_PATH}/{id}`
/** When to ask again for a past catalog that could not be built: about as long as one takes, in s. */
const BUSY_RETRY_S = 2

type Ask = (reader: CatalogReader) => CatalogAnswer

/** Answers admitted requests for the catalog's two reading routes; false: this one is for another route. */
export function catalogRoutes(context: AppContext, answers: AnswerCache): (exchange: Exchange) => boolean {
  const { catalog, past, config, log, now } = context
  const prepare = answerPreparer(config)

  /** Reads the whole request first: what is wrong with it is told even while the catalog cannot be read. */
  const lookUp = (
    url: string,
    isList: boolean,
    coding: Coding | undefined,
  ): { at: number | undefined; ask: Ask } => {
    const { path, pairs } = parseTarget(url)
    if (isList) {
      const query = parseListQuery(pairs, now())
      return { at: query.at, ask: (reader) => reader.list(query, coding === 'gzip' ? coding : undefined) }
    }
    const [provider, modelId] = modelOf(path, CATALOG_PATH)
    return { at: parseAtQuery(pairs, now()), ask: (reader) => reader.get(provider, modelId) }
  }

  /** Answers from the catalog of a time. That is not kept: it need not be fast, and what `at` means can change. */
  const answerAt = async (exchange: Exchange, at: number, ask: Ask, coding: Coding | undefined) => {
    const { version, at: since } = catalog.read((db) => stateAt(db, at))
    const isPresent = catalog.summary().version === version
    const reader = isPresent ? catalog : await past.open(version)
    if (reader === undefined) {
      exchange.headers = [...exchange.headers, 'Retry-After', `${BUSY_RETRY_S}`]
      throw new AppError('rate_limited', 'Too many past catalogs are asked for at once')
    }
    const found = ask(reader)
    // Another process may just have loaded another catalog.
    if (found.version !== version) return answerAt(exchange, at, ask, coding)
    sendAnswer(exchange, prepare({ ...found, since }, coding))
  }

  return (exchange) => {
    const { request, url, path } = exchange
    const isList = path === CATALOG_PATH
    if (!isList && (!path.startsWith(MODEL_ROOT) || path === MODEL_ROOT)) return false
    if (request.method !== 'GET' && request.method !== 'HEAD') return false
    exchange.route = isList ? CATALOG_PATH : MODEL_ROUTE
    const coding = chooseCoding(request.headers['accept-encoding'])
    let answer = answers.find(url, coding)
    if (answer === undefined) {
      const { at, ask } = lookUp(url, isList, coding)
      if (at !== undefined) {
        answerAt(exchange, at, ask, coding).catch((error: unknown) => answerError(exchange, error, log))
        return true
      }
      answer = answers.fill(url, coding, () => prepare(ask(catalog), coding))
    }
    sendAnswer(exchange, answer)
    return true
  }
}
