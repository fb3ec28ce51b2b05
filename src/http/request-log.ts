import type { Logger } from 'pino'
import type { Exchange } from './exchange.ts'

/** Writes one line once a request is over. Queries and headers stay out of it: they may hold what nobody meant to keep. */
export function logRequest(exchange: Exchange, log: Logger): void {
  if (!log.isLevelEnabled('info')) return
  const started = performance.now()
  const { request, response, path } = exchange
  // Taken here, for routers change it.
  const { method } = request
  response.on('close', () => {
    const ms = Math.round((performance.now() - started) * 1000) / 1000
    const status = response.statusCode
    const bytes = method === 'HEAD' || status === 304 ? 0 : bytesOf(exchange)
    const line = { method, path, status, ms, bytes }
    log.info(response.writableFinished ? line : { ...line, aborted: true }, 'request')
  })
}

function bytesOf({ bytes, response }: Exchange): number {
  return bytes ?? Number(response.getHeader('Content-Length') ?? 0)
}
