import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import { type ServiceOptions, seededService, type TestService } from '../service.ts'

export const LIST = '/api/v1/inference/catalog'

/** A service for one test, closed when that is over. */
export async function serviceForTest(options?: ServiceOptions): Promise<TestService> {
  const service = await seededService(options)
  onTestFinished(() => service.close())
  return service
}

export function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` }
}

/** A request with the service's own token. */
export function get(
  { baseUrl, token }: TestService,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(baseUrl + path, { ...init, headers: { ...bearer(token), ...init.headers } })
}

export interface RawAnswer {
  status: number
  headers: Headers
  body: string
}

/** Sends bytes as they are, where `fetch` would correct them, and reads until the server closes. */
export async function sendRaw(baseUrl: string, text: string): Promise<RawAnswer> {
  const socket = await open(baseUrl)
  socket.write(text, 'latin1')
  return readAnswer(socket)
}

export async function open(baseUrl: string): Promise<Socket> {
  const { hostname, port } = new URL(baseUrl)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  return socket
}

export async function readAnswer(socket: Socket): Promise<RawAnswer> {
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk)
  const [head = '', ...rest] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = new Headers(
    lines.map((line): [string, string] => [line.replace(/:.*/, ''), line.replace(/^.*?:/, '')]),
  )
  return { status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n') }
}

/** Holds a failure's answer against the contract's envelope, whatever sent it. */
export function expectEnvelope(
  answer: { status: number; headers: Headers },
  text: string,
  code: number,
  type: string,
) {
  const body = JSON.parse(text)
  expect({ status: answer.status, code: body.code, type: body.type }).toEqual({ status: code, code, type })
  expect(Object.keys(body)).toEqual(
    code === 422 ? ['code', 'detail', 'type', 'errors'] : ['code', 'detail', 'type'],
  )
  expect(body.detail).toEqual(expect.stringMatching(/\S/))
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('www-authenticate')).toBe(code === 401 ? 'Bearer' : null)
  return body
}
