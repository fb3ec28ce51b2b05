import type { IncomingHttpHeaders } from 'node:http'
import { AppError } from '../errors.ts'
import type { AppContext } from './context.ts'
import type { Caller } from './exchange.ts'

/** The scheme of an `Authorization` header is a token of RFC 9110; this one has ended where none can go on. */
const BEARER_SCHEME = /^bearer(?![\w!#$%&'*+.^`|~-])/i
/** What follows it: blanks and a `token68`. */
const BEARER_TOKEN = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i

/** Finds out who asks, without judging yet: the rate limit counts the requests of those who may not pass too. */
export function callerOf(headers: IncomingHttpHeaders, { tokens, now }: AppContext): Caller {
  if (tokens === undefined) return {}
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
