import { AppError } from '../errors.ts'
import { type Access, accessRules } from './access.ts'
import { clientAddress } from './client-address.ts'
import { refuseOldClient } from './client-version.ts'
import type { AppContext } from './context.ts'
import { callerOf } from './credentials.ts'
import type { Exchange } from './exchange.ts'
import { rateLimiter, WINDOW_MS } from './rate-limit.ts'
import { includesScope } from './scopes.ts'

/**
 * Finds out who asks, counts the request and lets it pass, or throws why not. Tells what the path asked for;
 * undefined: nothing is served there.
 */
export type Admission = (exchange: Exchange) => Access | undefined

export function admission(context: AppContext): Admission {
  const { minClientVersion, rateLimit } = context.config
  const accessTo = accessRules(context.config)
  const countRequest = rateLimit > 0 ? requestCounter(context) : undefined

  return (exchange) => {
    exchange.caller = callerOf(exchange.request.headers, context)
    countRequest?.(exchange)
    const access = accessTo(exchange.request.method, exchange.path)
    if (access === undefined || access === 'open') return access
    if (exchange.caller.fault !== undefined) throw exchange.caller.fault
    if (minClientVersion !== undefined) refuseOldClient(exchange, minClientVersion)
    requireScope(exchange, access)
    return access
  }
}

/** Counts by issued token, else by address: guessing tokens is limited too. */
function requestCounter({ config }: AppContext): (exchange: Exchange) => void {
  const { rateLimit, trustProxy } = config
  // Apart, so that no crowd of addresses takes a token's place.
  const byToken = rateLimiter(rateLimit)
  const byAddress = rateLimiter(rateLimit)
  const addressOf = clientAddress(trustProxy)
  const policy = `${rateLimit};w=${WINDOW_MS / 1000}`

  return (exchange) => {
    const { token } = exchange.caller
    const { isOver, remaining, resetSeconds } =
      token === undefined ? byAddress(addressOf(exchange.request)) : byToken(token.sha256)
    const left = `limit=${rateLimit}, remaining=${remaining}, reset=${resetSeconds}`
    exchange.headers = [...exchange.headers, 'RateLimit-Policy', policy, 'RateLimit', left]
    if (!isOver) return
    exchange.headers = [...exchange.headers, 'Retry-After', `${resetSeconds}`]
    throw new AppError('rate_limited', `Too many requests: try again in ${resetSeconds} s`)
  }
}

/** Without authentication everything is allowed. */
function requireScope({ caller: { token } }: Exchange, needed: Exclude<Access, 'open'>): void {
  if (token !== undefined && !includesScope(token.scope, needed)) {
    throw new AppError('forbidden', `This needs a token of scope ${needed}; this one has ${token.scope}`)
  }
}
