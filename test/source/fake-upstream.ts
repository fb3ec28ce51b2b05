import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** Two models, and what another fetch may find in their place. */
export const TWO = { acme: { models: { a: { name: 'A' }, b: { name: 'B' } } } }
export const THREE = { acme: { models: { ...TWO.acme.models, c: { name: 'C' } } } }

export interface FakeUpstream {
  /** Where it listens, without a path. */
  origin: string
  url: string
  /** Every request so far. */
  requests: IncomingMessage[]
  /** What it answers from now on. */
  answer: RequestListener
}

/** A server for one test that answers what it is told to. */
export async function fakeUpstream(answer: RequestListener = sends(TWO)): Promise<FakeUpstream> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    upstream.answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const upstream: FakeUpstream = { origin, url: `${origin}/api.json`, requests, answer }
  return upstream
}

export function sends(
  catalog: object | string | Buffer,
  headers: Record<string, string> = {},
): RequestListener {
  const isText = typeof catalog === 'string' || Buffer.isBuffer(catalog)
  const body = isText ? catalog : JSON.stringify(catalog)
  return (_request, response) => response.writeHead(200, headers).end(body)
}

export function fails(status: number): RequestListener {
  return (_request, response) => response.writeHead(status).end('no')
}

export function redirects(location: string, status = 302): RequestListener {
  return (_request, response) => response.writeHead(status, { location }).end()
}

/** Sends a catalog whose state has a name, and 304 to those who know it. */
export function sendsTagged(catalog: object, etag: string): RequestListener {
  return (request, response) => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end()
    else response.writeHead(200, { etag }).end(JSON.stringify(catalog))
  }
}

/** Never more than the beginning of an answer. */
export const hangs: RequestListener = (_request, response) => {
  response.writeHead(200).write('{"acme":')
}

/** A byte now and then, for ever. */
export const trickles: RequestListener = (_request, response) => {
  response.writeHead(200).write('{')
  const timer = setInterval(() => response.write(' '), 20)
  response.once('close', () => clearInterval(timer))
}
