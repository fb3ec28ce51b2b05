import { AppError } from '../errors.ts'
import { type Access, accessRules } from './access.ts'
import { clientAddress } from './client-address.ts'
import { refuseOldClient } from './client-version.ts'
import type { AppContext } from './context.ts'
import { callerOf } from './credentials.ts'
import type { Exchange } from './exchange.ts'
import { type Standing, WINDOW_MS } from './rate-limit.ts'
import { rebindingGuard } from './rebinding.ts'
import { includesScope } from './scopes.ts'

/**
 * Lets a counted request pass, or throws why not. Tells what the path asked for; undefined: nothing is served there.
 */
export type Admission = (exchange: Exchange) => Access | undefined
/** Finds out who asks and counts the request, or throws that it is one too many. */
export type Counting = (exchange: Exchange) => Promise<void> | undefined

export function admission(context: AppContext): Admission {
  const { minClientVersion } = context.config
  const accessTo = accessRules(context.config)
  // Where no token keeps others out, a page in a browser on this machine must not get in by a name of its own.
  const { noAuth, allowRemote } = context.config
  const refuseRebinding = noAuth && !allowRemote ? rebindingGuard(context.config) : undefined

  return (exchange) => {
    const access = accessTo(exchange.request.method, exchange.path)
    if (access === undefined || access === 'open') return access
    // No browser leaves the Host out.
    if (exchange.request.headers.host !== undefined) refuseRebinding?.(exchange)
    if (exchange.caller.fault !== undefined) throw exchange.caller.fault
    if (minClientVersion !== undefined) refuseOldClient(exchange, minClientVersion)
    requireScope(exchange, access)
    return access
  }
}

/** Counts by issued token, else by address: guessing tokens is limited too. */
export function counting(context: AppContext): Counting {
  const { rateLimit, trustProxy } = context.config
  const { token: countToken, address: countAddress } = context.rateLimiters
  const addressOf = clientAddress(trustProxy)
  const policy = `${rateLimit};w=${WINDOW_MS / 1000}`

  const judge = (exchange: Exchange, { isOver, remaining, resetSeconds }: Standing) => {
    // Not as `${remaining}`: texts of numbers are kept by V8 until they are old, and this one is new with each request.
    const left = `limit=${rateLimit}, remaining=${remaining.toFixed()}, reset=${resetSeconds}`
    exchange.headers = [...exchange.headers, 'RateLimit-Policy', policy, 'RateLimit', left]
    if (!isOver) return
    exchange.headers = [...exchange.headers, 'Retry-After', `${resetSeconds}`]
    throw new AppError('rate_limited', `Too many requests: try again in ${resetSeconds} s`)
  }

  return (exchange) => {
    exchange.caller = callerOf(exchange.request.headers, context)
    if (rateLimit === 0) return undefined
    const { token } = exchange.caller
    const counted = token === undefined ? countAddress(addressOf(exchange.request)) : countToken(token.sha256)
    if (counted instanceof Promise) return counted.then((standing) => judge(exchange, standing))
    judge(exchange, counted)
    return undefined
  }
}

/** Without authentication everything is allowed. */
function requireScope({ caller: { token } }: Exchange, needed: Exclude<Access, 'open'>): void {
  if (token !== undefined && !includesScope(token.scope, needed)) {
    throw new AppError('forbidden', `This needs a token of scope ${needed}; this one has ${token.scope}`)
  }
}
