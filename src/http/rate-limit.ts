import { isIP } from 'node:net'
import type { Request } from 'express'
import { ipKeyGenerator, type MemoryStore, type RateLimitRequestHandler, rateLimit } from 'express-rate-limit'
import { AppError } from '../errors.ts'
import type { Caller } from './context.ts'

/** The time in which the limit's requests may come, in ms. */
const WINDOW_MS = 60_000

/** Counts requests by issued token, and those without one by address: guessing tokens is limited too. */
export function limitRate(requestsPerMinute: number, store: MemoryStore): RateLimitRequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: requestsPerMinute,
    store,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    keyGenerator: (request, response) => {
      const { token }: Caller = response.locals.caller
      return token === undefined ? addressKey(request) : `token:${token.sha256}`
    },
    handler: (_request, response, next) => {
      const retryAfter = response.getHeader('Retry-After')
      next(new AppError('rate_limited', `Too many requests: try again in ${retryAfter} s`))
    },
  })
}

/** A proxy may forward anything, such as an address with its port, which would make every connection a new client. */
function addressKey(request: Request): string {
  const forwarded = request.ip ?? ''
  const address = isIP(forwarded) === 0 ? (request.socket.remoteAddress ?? '') : forwarded
  return `address:${ipKeyGenerator(address)}`
}
