import type { IncomingMessage } from 'node:http'
import express, { type ErrorRequestHandler, type Request } from 'express'
import type { Logger } from 'pino'
import { CHANGES_PATH, changesHandlers, FEED_PATH, HISTORY_PATH } from './changes.ts'
import type { AppContext, Handler, RequestState } from './context.ts'
import { DATASET_PATH, datasetHandler } from './dataset.ts'
import { docsPage } from './docs-page.ts'
import {
  API_JSON_PATH,
  CATALOG_JSON_PATH,
  documentHandler,
  LITELLM_PATH,
  MODELS_JSON_PATH,
} from './documents.ts'
import { answerError, noSuchRoute } from './errors.ts'
import { ESTIMATE_PATH, estimateHandlers } from './estimate.ts'
import { ESTIMATES_PATH, estimatesHandler } from './estimates.ts'
import type { Exchange } from './exchange.ts'
import { FACETS_PATH, facetsHandler } from './facets.ts'
import { jsonBody } from './json-body.ts'
import { MCP_PATH, mcpHandlers } from './mcp.ts'
import { METRICS_PATH, type Measured, metricsHandler } from './metrics.ts'
import { DETAIL_PATH, detailHandler } from './model-detail.ts'
import { MODELS_PATH, modelsHandler } from './models.ts'
import { OFFERS_PATH, offersHandler } from './offers.ts'
import { OPENAI_MODEL, OPENAI_MODELS_PATH, openAiModelHandler } from './openai.ts'
import { OPENAPI_PATH, openApiHandler } from './openapi.ts'
import { ASSET, PAGE_PATH, pageHandlers } from './page.ts'
import { PROVIDERS_PATH, providersHandler } from './providers.ts'
import { REFRESH_PATH, refreshHandler } from './refresh.ts'
import { RESOLVE_PATH, resolveHandler } from './resolve.ts'
import { MANIFEST_PATH, SNAPSHOT_PATH, snapshotHandlers } from './snapshot.ts'
import { SQL_PATH, sqlHandler } from './sql.ts'
import type { Target } from './target.ts'

/** Answers an admitted request, its target decoded. */
export type Routes = (exchange: Exchange, target: Target) => void

/** The routes in Express: all but the catalog's two. What a path asks of those who come stands in access.ts. */
export function otherRoutes(context: AppContext, measured: Measured): Routes {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.disable('query parser')
  app.enable('case sensitive routing')
  app.enable('strict routing')

  app.get(DATASET_PATH, datasetHandler(context))
  app.get(DETAIL_PATH, detailHandler(context))
  app.get(PROVIDERS_PATH, providersHandler(context))
  const estimates = estimateHandlers(context)
  app.get(ESTIMATE_PATH, estimates.one)
  app.post(ESTIMATE_PATH, ...jsonBody(), estimates.many)
  app.get(ESTIMATES_PATH, estimatesHandler(context))
  app.get(MODELS_PATH, modelsHandler(context))
  app.get(FACETS_PATH, facetsHandler(context))
  app.post(REFRESH_PATH, refreshHandler(context))
  const changes = changesHandlers(context)
  app.get(CHANGES_PATH, changes.list)
  app.get(FEED_PATH, changes.feed)
  app.get(HISTORY_PATH, changes.model)
  app.get(OFFERS_PATH, offersHandler(context))
  app.get(RESOLVE_PATH, resolveHandler(context))
  const snapshots = snapshotHandlers(context)
  app.get(SNAPSHOT_PATH, snapshots.file)
  app.get(MANIFEST_PATH, snapshots.manifest)
  const mcp = mcpHandlers(context)
  app.all(MCP_PATH, mcp.check, ...jsonBody(), mcp.answer)
  app.get(API_JSON_PATH, documentHandler(context, 'api.json'))
  app.get(MODELS_JSON_PATH, documentHandler(context, 'models.json'))
  app.get(CATALOG_JSON_PATH, documentHandler(context, 'catalog.json'))
  app.get(LITELLM_PATH, documentHandler(context, 'litellm'))
  app.get(OPENAI_MODELS_PATH, documentHandler(context, 'openai-models'))
  app.get(OPENAI_MODEL, openAiModelHandler(context))
  if (context.runStatement !== undefined) {
    app.post(SQL_PATH, ...jsonBody(), sqlHandler(context.runStatement))
  }
  app.get(METRICS_PATH, metricsHandler(context, measured))
  app.get(OPENAPI_PATH, openApiHandler(context))
  for (const [path, handler] of docsPage()) app.get(path, handler)
  const page = pageHandlers(context)
  app.get(PAGE_PATH, page.page)
  app.get(ASSET, page.asset)

  app.use(noRoute)
  app.use(answerErrors(context.log))

  return (exchange, target) => {
    const { request, response, security, headers } = exchange
    const names = [...security, ...headers]
    for (let at = 0; at < names.length; at += 2) response.setHeader(names[at] ?? '', names[at + 1] ?? '')
    const locals: RequestState = { exchange, target }
    app(request, Object.assign(response, { locals }))
    exchange.route = routeOf(request)
  }
}

/** The route that Express chose; what stands for all below a path shows as `{id}`. */
function routeOf({ route }: IncomingMessage & Partial<Pick<Request, 'route'>>): string | undefined {
  const path: unknown = route?.path
  if (path instanceof RegExp) return path.source.replaceAll('\\', '').replace(/^\^(.*)\.$/, '$1{id}')
  return typeof path === 'string' ? path : undefined
}

const noRoute: Handler = (_request, response) => {
  throw noSuchRoute(response.locals.exchange)
}

/** The last handler of an app whose `response.locals` hold the exchange. */
export function answerErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const { exchange }: RequestState = response.locals as RequestState
    answerError(exchange, error, log)
  }
}
