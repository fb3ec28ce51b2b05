import { z } from 'zod'
import { type Exchange, send } from './exchange.ts'
import type { Readiness } from './readiness.ts'

/** Whether the process answers at all: what restarts it asks here. */
export const HEALTH_PATH = '/healthz'
/** Whether requests should come here: what balances load asks here. */
export const READY_PATH = '/readyz'

export const healthSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Health' })
export const readySchema = z.object({ status: z.literal('ready') }).meta({ id: 'Ready' })
export const unreadySchema = z
  .object({ status: z.literal('unready'), reason: z.string() })
  .meta({ id: 'Unready' })

/**
 * Answers probes; false: this request is none. They need no token and are not counted: whoever floods the service must
 * not have it restarted.
 */
export function probes(isUnready: Readiness): (exchange: Exchange) => boolean {
  return (exchange) => {
    const { path, request } = exchange
    if (path !== HEALTH_PATH && path !== READY_PATH) return false
    if (request.method !== 'GET' && request.method !== 'HEAD') return false
    exchange.route = path
    if (path === HEALTH_PATH) {
      sendStatus(exchange, 200, { status: 'ok' })
      return true
    }
    const reason = isUnready()
    if (reason === undefined) sendStatus(exchange, 200, { status: 'ready' })
    else sendStatus(exchange, 503, { status: 'unready', reason })
    return true
  }
}

type Status = z.infer<typeof healthSchema | typeof readySchema | typeof unreadySchema>

function sendStatus(exchange: Exchange, code: 200 | 503, status: Status): void {
  const body = JSON.stringify(status)
  const headers = ['Content-Type', 'application/json; charset=utf-8', 'Content-Length', `${body.length}`]
  send(exchange, code, [...headers, 'Cache-Control', 'no-store'], body)
}
