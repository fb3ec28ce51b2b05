import type { RequestHandler } from 'express'
import type { Logger } from 'pino'

/** One line a request. Queries and headers stay out of it: they may hold what nobody meant to keep. */
export function logRequests(log: Logger): RequestHandler {
  return (request, response, next) => {
    if (!log.isLevelEnabled('info')) {
      next()
      return
    }
    const started = performance.now()
    const { method, path } = request
    response.once('close', () => {
      const ms = Math.round((performance.now() - started) * 1000) / 1000
      const hasBody = method !== 'HEAD' && response.statusCode !== 304
      const bytes = hasBody ? Number(response.getHeader('Content-Length') ?? 0) : 0
      const line = { method, path, status: response.statusCode, ms, bytes }
      log.info(response.writableFinished ? line : { ...line, aborted: true }, 'request')
    })
    next()
  }
}
