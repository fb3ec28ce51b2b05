import type { CatalogAnswer } from '../catalog/catalog.ts'
import { parseListQuery, parseNoQuery } from '../catalog/params.ts'
import { AppError } from '../errors.ts'
import { answerPreparer, sendAnswer } from './answer.ts'
import { answerCache } from './answer-cache.ts'
import type { AppContext } from './context.ts'
import { chooseCoding } from './encoding.ts'
import type { Exchange } from './exchange.ts'
import { parseTarget } from './target.ts'

const CATALOG_PATH = '/api/v1/inference/catalog'
/** Everything below it is a model: which part is the provider only shows once it is decoded. */
const MODEL_ROOT = `${CATALOG_PATH}/`

/** Answers admitted requests for the catalog's two reading routes; false: this one is for another route. */
export function catalogRoutes({ catalog, config }: AppContext): (exchange: Exchange) => boolean {
  const prepare = answerPreparer(config)
  const answers = answerCache(catalog)

  /** Reads the whole request first: what is wrong with it is told even while the catalog cannot be read. */
  const lookUp = (url: string, isList: boolean): (() => CatalogAnswer) => {
    const { path, pairs } = parseTarget(url)
    if (isList) {
      const query = parseListQuery(pairs)
      return () => catalog.list(query)
    }
    const id = path.slice(MODEL_ROOT.length)
    const slash = id.indexOf('/')
    if (slash < 1 || slash === id.length - 1) {
      throw new AppError('not_found', 'No such route: a model is /catalog/{provider}/{model_id}')
    }
    parseNoQuery(pairs)
    return () => catalog.get(id.slice(0, slash), id.slice(slash + 1))
  }

  return (exchange) => {
    const { request, url, path } = exchange
    const isList = path === CATALOG_PATH
    if (!isList && (!path.startsWith(MODEL_ROOT) || path === MODEL_ROOT)) return false
    if (request.method !== 'GET' && request.method !== 'HEAD') return false
    const coding = chooseCoding(request.headers['accept-encoding'])
    let answer = answers.find(url, coding)
    if (answer === undefined) {
      const read = lookUp(url, isList)
      answer = answers.fill(url, coding, () => prepare(read(), coding))
    }
    sendAnswer(exchange, answer)
    return true
  }
}
