import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type ServerOptions, startServer } from '../../src/http/server.ts'
import { seededService, type TestService } from '../service.ts'
import { expectEnvelope, LIST, open, readAnswer, sendRaw } from './wire.ts'

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_NO_AUTH: '1' } })
})
afterAll(() => service.close())

const HEAD = `GET ${LIST}?limit=1 HTTP/1.1\r\nHost: localhost\r\n`
/** Far more than the server takes, and than the sockets between it and the client hold. */
const MUCH = 4_000_000

describe('what the HTTP parser refuses is answered in the envelope', () => {
  it.each([
    ['a URL that is too long', `GET ${LIST}?query=${'a'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
    ['a URL without end', `GET ${LIST}?query=${'a'.repeat(MUCH)}`],
    ['headers that are too long', `${HEAD}X-Long: ${'a'.repeat(20_000)}\r\n\r\n`],
    ['headers without end', `${HEAD}X-Long: ${'a'.repeat(MUCH)}`],
    ['a header that is none', `${HEAD}no colon\r\n\r\n`],
    ['a byte that no header may hold', `${HEAD}X-Odd: a\x01b\r\n\r\n`],
    ['a method nobody knows', 'FETCH / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
    ['two lengths', `${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`],
    ['a length and chunks', `${HEAD}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['no Host', `GET ${LIST} HTTP/1.1\r\n\r\n`],
    ['an expectation nobody knows', `${HEAD}Expect: 200-ok\r\n\r\n`],
  ])('%s', async (_name, text) => {
    const answer = await sendRaw(service.baseUrl, text)
    expectEnvelope(answer, answer.body, 400, 'invalid_error')
    expect(answer.headers.get('connection')).toBe('close')
  })

  it('CONNECT', async () => {
    const answer = await sendRaw(
      service.baseUrl,
      'CONNECT example.com:443 HTTP/1.1\r\nHost: localhost\r\n\r\n',
    )
    expectEnvelope(answer, answer.body, 404, 'not_found_error')
  })

  it('nonsense after a good request, whose answer stays whole', async () => {
    const socket = await open(service.baseUrl)
    socket.write(`${HEAD}\r\n`)
    await once(socket, 'readable')
    socket.write('nonsense\r\n\r\n')
    const { status, body } = await readAnswer(socket)
    expect(status).toBe(200)
    expect(body).toContain('"code":400')
  })
})

it.each([
  ['HTTP/1.0 without a Host', `GET ${LIST}?limit=1 HTTP/1.0\r\n\r\n`],
  ['an expectation to continue', `${HEAD}Expect: 100-continue\r\nConnection: close\r\n\r\n`],
  ['a body nobody asked for', `${HEAD}Content-Length: 4\r\nConnection: close\r\n\r\nbody`],
])('%s is fine', async (_name, text) => {
  const { body, status } = await sendRaw(service.baseUrl, text)
  expect(status === 100 ? body : `${status}`).toMatch(/^(HTTP\/1\.1 )?200/)
})

async function serverForTest(app: RequestListener, limits: ServerOptions['limits'] = {}) {
  const options = { host: '127.0.0.1', port: 0, log: pino({ enabled: false }), limits }
  const server = await startServer(app, options)
  onTestFinished(() => server.stop())
  return { ...server, url: `http://127.0.0.1:${server.port}` }
}

it('answers a request that does not arrive in time', async () => {
  const { url } = await serverForTest(() => {}, {
    headersTimeoutMs: 50,
    requestTimeoutMs: 50,
    timeoutCheckMs: 20,
  })
  const answer = await sendRaw(url, 'GET / HTTP/1.1\r\nHo')
  expectEnvelope(answer, answer.body, 400, 'invalid_error')
})

describe('stopping', () => {
  it('finishes what is under way, takes nothing new, and closes idle connections', async () => {
    const held: (() => void)[] = []
    const server = await serverForTest((_request, response) => void held.push(() => response.end('done')))
    const idle = await open(server.url)
    idle.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await expect.poll(() => held.length).toBe(1)
    held.pop()?.()
    const idleClosed = once(idle.resume(), 'close')

    const pending = fetch(server.url)
    await expect.poll(() => held.length).toBe(1)
    const stopped = server.stop()
    await idleClosed
    await expect(fetch(server.url)).rejects.toThrow()
    held.pop()?.()
    expect(await (await pending).text()).toBe('done')
    await stopped
  })

  it('does not wait for ever', async () => {
    const server = await serverForTest(() => {}, { stopGraceMs: 50 })
    const pending = fetch(server.url).then(
      () => 'answered',
      () => 'cut off',
    )
    await server.stop()
    expect(await pending).toBe('cut off')
  })
})
