import type { IncomingHttpHeaders } from 'node:http'
import { AppError } from '../errors.ts'
import type { AppContext, Caller, Handler } from './context.ts'
import { includesScope, type Scope } from './scopes.ts'
import type { TokenStore } from './tokens.ts'

/** The scheme of an `Authorization` header is a token of RFC 9110; this one has ended where none can go on. */
const BEARER_SCHEME = /^bearer(?![\w!#$%&'*+.^`|~-])/i
/** What follows it: blanks and a `token68`. */
const BEARER_TOKEN = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i

/** Finds out who asks, without judging yet: the rate limit counts the requests of those who may not pass too. */
export function identify({ tokens, now }: AppContext): Handler {
  return (request, response, next) => {
    response.locals.caller = tokens === undefined ? {} : callerOf(request.headers, tokens, now)
    next()
  }
}

function callerOf(headers: IncomingHttpHeaders, tokens: TokenStore, now: () => Date): Caller {
  try {
    const token = tokens.find(presentedToken(headers))
    if (token === undefined) return { fault: new AppError('unauthenticated', 'Authentication failed') }
    if (token.expiresAt !== undefined && token.expiresAt <= now().getTime()) {
      return { token, fault: new AppError('token_expired', 'Token expired') }
    }
    return { token }
  } catch (fault) {
    return { fault }
  }
}

/** A bearer `Authorization` decides; without one `X-API-Key` does, whatever a proxy put into `Authorization`. */
function presentedToken(headers: IncomingHttpHeaders): string {
  const { authorization, 'x-api-key': apiKey } = headers
  const key = typeof apiKey === 'string' ? apiKey.trim() : ''
  if (authorization !== undefined && (key === '' || BEARER_SCHEME.test(authorization))) {
    const token = BEARER_TOKEN.exec(authorization)?.[1]
    if (token === undefined) throw new AppError('token_malformed', 'Malformed bearer token')
    return token
  }
  if (key === '') throw new AppError('unauthenticated', 'Authentication failed')
  return key
}

/** Stops those who may not pass. */
export const authenticate: Handler = (_request, response, next) => {
  const { fault } = response.locals.caller
  if (fault !== undefined) throw fault
  next()
}

/** Stops tokens whose scope does not reach. Without authentication everything is allowed. */
export function requireScope(needed: Scope): Handler {
  return (_request, response, next) => {
    const { token } = response.locals.caller
    if (token !== undefined && !includesScope(token.scope, needed)) {
      throw new AppError('forbidden', `This needs a token of scope ${needed}; this one has ${token.scope}`)
    }
    next()
  }
}
