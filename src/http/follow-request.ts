import type { Logger } from 'pino'
import type { Exchange } from './exchange.ts'
import { requestLog } from './request-line.ts'
import type { Traffic } from './traffic.ts'

/**
 * Makes the function that counts a request once it is over, and writes one line. Queries and headers stay out of both: they may
 * hold what nobody meant to keep.
 */
export function requestFollower(traffic: Traffic, log: Logger): (exchange: Exchange) => void {
  const isLogged = log.isLevelEnabled('info')
  const tell = requestLog(log)

  return (exchange) => {
    const started = performance.now()
    const { id, request, response, path } = exchange
    // Taken here, for routers change it.
    const { method = '' } = request
    response.on('close', () => {
      const ms = Math.round((performance.now() - started) * 1000) / 1000
      const status = response.headersSent ? response.statusCode : undefined
      traffic.count(exchange.route, status, ms)
      if (!isLogged) return
      const bytes = method === 'HEAD' || status === 304 ? 0 : bytesOf(exchange)
      tell({ id, method, path, status, ms, bytes, aborted: !response.writableFinished })
    })
  }
}

function bytesOf({ bytes, response }: Exchange): number {
  return bytes ?? Number(response.getHeader('Content-Length') ?? 0)
}
