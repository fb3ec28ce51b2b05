import cors from 'cors'
import type { RequestHandler } from 'express'

/** How long a browser may keep a preflight's answer, in seconds. */
const PREFLIGHT_MAX_AGE_S = 600

/** Lets pages of these origins use the API. A preflight needs no token, for browsers never send one. */
export function allowOrigins(origins: '*' | readonly string[]): RequestHandler {
  const handle = cors({
    origin: origins === '*' ? '*' : [...origins],
    methods: ['GET', 'HEAD'],
    allowedHeaders: ['Authorization', 'X-API-Key', 'X-Client-Version', 'If-None-Match'],
    exposedHeaders: [
      'ETag',
      'X-Dataset-Version',
      'X-Did-You-Mean',
      'Retry-After',
      'RateLimit',
      'RateLimit-Policy',
    ],
    maxAge: PREFLIGHT_MAX_AGE_S,
  })
  return (request, response, next) => {
    const isPreflight =
      request.headers.origin !== undefined && request.headers['access-control-request-method'] !== undefined
    // Any other OPTIONS is a method that does not exist.
    if (request.method === 'OPTIONS' && !isPreflight) next()
    else handle(request, response, next)
  }
}
