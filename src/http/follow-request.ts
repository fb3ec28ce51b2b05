import type { Logger } from 'pino'
import type { Exchange } from './exchange.ts'
import type { Traffic } from './traffic.ts'

/**
 * Counts a request once it is over, and writes one line. Queries and headers stay out of both: they may hold what nobody
 * meant to keep.
 */
export function followRequest(exchange: Exchange, traffic: Traffic, log: Logger): void {
  const started = performance.now()
  const { id, request, response, path } = exchange
  // Taken here, for routers change it.
  const { method } = request
  response.on('close', () => {
    const ms = Math.round((performance.now() - started) * 1000) / 1000
    const status = response.headersSent ? response.statusCode : undefined
    traffic.count(exchange.route, status, ms)
    if (!log.isLevelEnabled('info')) return
    const bytes = method === 'HEAD' || status === 304 ? 0 : bytesOf(exchange)
    const line = { id, method, path, status, ms, bytes }
    log.info(response.writableFinished ? line : { ...line, aborted: true }, 'request')
  })
}

function bytesOf({ bytes, response }: Exchange): number {
  return bytes ?? Number(response.getHeader('Content-Length') ?? 0)
}
