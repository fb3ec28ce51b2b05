import type { RequestListener } from 'node:http'
import express, { type RequestHandler } from 'express'
import { MemoryStore } from 'express-rate-limit'
import helmet from 'helmet'
import { AppError } from '../errors.ts'
import { CATALOG_PATH, catalogHandlers, MODEL_PATH } from './catalog.ts'
import { requireClientVersion } from './client-version.ts'
import type { AppContext } from './context.ts'
import { allowOrigins } from './cors.ts'
import { authenticate, identify, requireScope } from './credentials.ts'
import { DATASET_PATH, datasetHandler } from './dataset.ts'
import { answerErrors } from './errors.ts'
import { limitRate } from './rate-limit.ts'
import { REFRESH_PATH, refreshHandler } from './refresh.ts'
import { logRequests } from './request-log.ts'
import { SQL_PATH, sqlHandlers } from './sql.ts'
import { decodeTarget, originForm } from './target.ts'

export interface App {
  handle: RequestListener
  close(): void
}

/** The whole pipeline, in the contract's order of checks. */
export function createApp(context: AppContext): App {
  const { config, log, runStatement } = context
  const catalog = catalogHandlers(context)
  const requestCounts = new MemoryStore()

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.disable('query parser')
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.set('trust proxy', config.trustProxy ?? false)

  app.use(logRequests(log))
  app.use(securityHeaders())
  if (config.corsOrigins !== undefined) app.use(allowOrigins(config.corsOrigins))
  app.use(identify(context))
  if (config.rateLimit > 0) app.use(limitRate(config.rateLimit, requestCounts))
  app.use('/api', authenticate)
  if (config.minClientVersion !== undefined) app.use('/api', requireClientVersion(config.minClientVersion))
  app.use('/api', requireScope('read'))
  app.post(REFRESH_PATH, requireScope('admin'))
  if (runStatement !== undefined) app.post(SQL_PATH, requireScope('sql'))
  app.use(CATALOG_PATH, catalog.again)
  app.use(decodeTarget)

  app.get(CATALOG_PATH, catalog.list)
  app.get(MODEL_PATH, catalog.get)
  app.get(DATASET_PATH, datasetHandler(context))
  app.post(REFRESH_PATH, refreshHandler(context))
  if (runStatement !== undefined) app.post(SQL_PATH, ...sqlHandlers(runStatement))

  app.use(noSuchRoute)
  app.use(answerErrors(log))

  return {
    handle(request, response) {
      request.url = originForm(request.url ?? '/')
      app(request, response)
    },
    close: () => requestCounts.shutdown(),
  }
}

/** The answers are data: nothing in them may be run, framed or sniffed. TLS belongs to the proxy in front. */
function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    strictTransportSecurity: false,
  })
}

const noSuchRoute: RequestHandler = (request) => {
  throw new AppError('not_found', `No such route: ${request.method} ${request.path}`)
}
