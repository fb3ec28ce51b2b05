import type { Config } from '../config.ts'
import { type Exchange, type FlatHeaders, send } from './exchange.ts'
import { MCP_PATH } from './mcp.ts'

/** How long a browser may keep a preflight's answer, in seconds. */
const PREFLIGHT_MAX_AGE_S = 600
const PREFLIGHT_HEADERS = ['Access-Control-Max-Age', `${PREFLIGHT_MAX_AGE_S}`, 'Content-Length', '0']
/** What pages may send to read the catalog. */
const READING = [
  ['Access-Control-Allow-Methods', 'GET,HEAD'],
  ['Access-Control-Allow-Headers', 'Authorization,X-API-Key,X-Client-Version,X-Request-Id,If-None-Match'],
].flat()
/** What an agent in a page sends: each question is a POST. */
const ASKING = [
  ['Access-Control-Allow-Methods', 'POST'],
  [
    'Access-Control-Allow-Headers',
    'Authorization,X-API-Key,X-Client-Version,X-Request-Id,Content-Type,Mcp-Protocol-Version',
  ],
].flat()
const EXPOSE = [
  'Access-Control-Expose-Headers',
  'ETag,Link,X-Request-Id,X-Dataset-Version,X-Dataset-Date,X-Did-You-Mean,Retry-After,RateLimit,RateLimit-Policy',
]

/** Lets pages of these origins, and no others, read the answer. */
export function corsHeaders(
  origins: NonNullable<Config['corsOrigins']>,
  origin: string | undefined,
): FlatHeaders {
  if (origins === '*') return ['Access-Control-Allow-Origin', '*', ...EXPOSE]
  if (origin === undefined || !origins.includes(origin)) return EXPOSE
  return ['Access-Control-Allow-Origin', origin, ...EXPOSE]
}

/** Any other OPTIONS is a method that does not exist. */
export function isPreflight({ request: { method, headers } }: Exchange): boolean {
  const { origin, 'access-control-request-method': asked } = headers
  return method === 'OPTIONS' && origin !== undefined && asked !== undefined
}

/** Needs no token, for browsers never send one with it. */
export function answerPreflight(exchange: Exchange): void {
  send(exchange, 204, [...(exchange.path === MCP_PATH ? ASKING : READING), ...PREFLIGHT_HEADERS])
}
