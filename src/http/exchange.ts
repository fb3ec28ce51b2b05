import type { IncomingMessage, ServerResponse } from 'node:http'
import { requestIdOf } from './request-id.ts'
import { originForm, pathOf } from './target.ts'
import type { IssuedToken } from './tokens.ts'

/** Names and values of headers in turn, as `writeHead` takes them fastest. */
export type FlatHeaders = readonly string[]

/** A request, its answer, and what the pipeline has learnt of it. */
export interface Exchange {
  /** What answer and log call it. */
  id: string
  request: IncomingMessage
  response: ServerResponse
  /** The target in origin form, still encoded. */
  url: string
  /** The part before the query, still encoded. */
  path: string
  /** The route it came to, as a template; undefined: none so far. */
  route: string | undefined
  caller: Caller
  /** What every answer says, but for a 304: that confirms an answer which has said it. */
  security: FlatHeaders
  /** What else every answer to this request says. */
  headers: FlatHeaders
  /** How long the answer's body is, once its head was sent. In bytes. */
  bytes: number | undefined
}

/** Who asks. Neither a token nor a fault: authentication is off. */
export interface Caller {
  /** The issued token the request carries, even an expired one: its requests are counted by it. */
  token?: IssuedToken
  /** Why the request may not pass. */
  fault?: unknown
}

export function newExchange(
  request: IncomingMessage,
  response: ServerResponse,
  security: FlatHeaders,
  headers: FlatHeaders,
): Exchange {
  const id = requestIdOf(request.headers)
  const url = originForm(request.url ?? '/')
  request.url = url
  return {
    id,
    request,
    response,
    url,
    path: pathOf(url),
    route: undefined,
    caller: {},
    security,
    headers: [...headers, 'X-Request-Id', id],
    bytes: undefined,
  }
}

/** Gives an answer a policy of its own; a 304 to it says the same, for a client takes over what that says. */
export function secureBy(exchange: Exchange, security: FlatHeaders): void {
  exchange.security = security
  for (let at = 0; at < security.length; at += 2) {
    exchange.response.setHeader(security[at] ?? '', security[at + 1] ?? '')
  }
}

/** Says that what is answered depends on one more header of the request. */
export function varyBy(exchange: Exchange, header: string): void {
  const { headers } = exchange
  const place = headers.indexOf('Vary') + 1
  exchange.headers = headers.with(place, `${headers[place]}, ${header}`)
}

/** Sends an answer whole; Node leaves the body of an answer to HEAD out by itself. */
export function send(
  exchange: Exchange,
  status: number,
  headers: FlatHeaders,
  body: string | Uint8Array = '',
  encoding: 'utf8' | 'latin1' = 'utf8',
): void {
  sendHead(exchange, status, headers, Buffer.byteLength(body, encoding))
  exchange.response.end(body, encoding)
}

/** Sends the head of an answer whose body, of so many bytes, is yet to come. */
export function sendHead(exchange: Exchange, status: number, headers: FlatHeaders, bytes: number): void {
  const { response, security, headers: common } = exchange
  exchange.bytes = bytes
  response.writeHead(status, status === 304 ? [...common, ...headers] : [...security, ...common, ...headers])
}

/** Sends what is true of this moment only: nobody may keep it. `version` is the dataset's. */
export function sendJson(exchange: Exchange, version: string, body: string | Buffer): void {
  const headers = [
    ...['Cache-Control', 'no-store', 'X-Dataset-Version', version],
    ...['Content-Type', 'application/json; charset=utf-8', 'Content-Length', `${Buffer.byteLength(body)}`],
  ]
  send(exchange, 200, headers, body)
}
