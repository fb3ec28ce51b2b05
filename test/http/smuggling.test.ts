import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededService, type TestService } from '../service.ts'
import { expectEnvelope, open, sendRaw } from './wire.ts'

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_NO_AUTH: '1' } })
})
afterAll(() => service.close())

const POST =
  'POST /api/v1/inference/estimate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
const GET = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n'
/** What an attacker would have read as a request of its own. */
const SMUGGLED = `${GET}X-Request-Id: smuggled\r\n\r\n`
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`

describe('what two servers could read in two ways is refused, and the connection closed', () => {
  it.each([
    ['a length and chunks', `${POST}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['chunks and a length', `${POST}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n`],
    ['two equal lengths', `${POST}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`],
    ['a list of lengths', `${POST}Content-Length: 2, 2\r\n\r\n{}`],
    ['a length with a sign', `${POST}Content-Length: +2\r\n\r\n{}`],
    ['a length below zero', `${POST}Content-Length: -1\r\n\r\n{}`],
    ['a length in hex', `${POST}Content-Length: 0x2\r\n\r\n{}`],
    ['a length beyond all numbers', `${POST}Content-Length: ${'9'.repeat(30)}\r\n\r\n{}`],
    ['a blank before the colon', `${POST}Content-Length : 2\r\n\r\n{}`],
    ['two codings, chunks first', `${POST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`],
    ['chunks twice', `${CHUNKED.slice(0, -2)}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['chunks behind a control character', `${POST}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`],
    ['a folded header', `${GET}X-A: b\r\n c\r\n\r\n`],
    ['a folded coding', `${POST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
    ['a folded length', `${POST}Content-Length: 2\r\n 0\r\n\r\n{}`],
    ['a folded first header', 'GET /healthz HTTP/1.1\r\n X-A: b\r\nHost: localhost\r\n\r\n'],
    ['lines that end in LF', 'GET /healthz HTTP/1.1\nHost: localhost\n\n'],
    ['one line that ends in LF', 'GET /healthz HTTP/1.1\r\nHost: localhost\nX-A: b\r\n\r\n'],
    ['a head that ends in LF', `${GET}\n`],
    ['a lone CR', 'GET /healthz HTTP/1.1\r\nHost: localhost\rX-A: b\r\n\r\n'],
    ['a NUL', `${GET}X-A: b\0c\r\n\r\n`],
    ['a blank in a name', `${GET}X A: b\r\n\r\n`],
    ['no name', `${GET}: b\r\n\r\n`],
    ['two hosts', `${GET}Host: y\r\n\r\n`],
    ['two equal hosts', `${GET}hOST: x\r\n\r\n`],
    ['no version', 'GET /healthz\r\n\r\n'],
    ['an unknown version', 'GET /healthz HTTP/1.2\r\nHost: localhost\r\n\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('%s', async (_name, request) => {
    const answer = await sendRaw(service.baseUrl, request + SMUGGLED)
    expectEnvelope(answer, answer.body.replace(/HTTP\/1\.1.*/s, ''), 400, 'invalid_error')
    expect(answer.headers.get('connection')).toBe('close')
    expect(answer.body).not.toContain('smuggled')
  })

  // The request is there before its body is: what answers first is the parser, or whoever wants that body.
  it.each([
    ['a size that is no number', 'zz\r\n{}\r\n0\r\n\r\n'],
    ['a size below zero', '-2\r\n{}\r\n0\r\n\r\n'],
    ['a size beyond all numbers', `${'f'.repeat(17)}\r\n{}\r\n0\r\n\r\n`],
    ['a size that ends in LF', '2\n{}\r\n0\r\n\r\n'],
    ['a chunk longer than its size', '2\r\n{}XX0\r\n\r\n'],
    ['an extension that ends in LF', '2;a\nb\r\n{}\r\n0\r\n\r\n'],
    ['an endless extension', `2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`],
    ['a length behind the chunks', '2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n'],
    ['an endless trailer', `2\r\n{}\r\n0\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`],
  ])('in chunks: %s', async (_name, body) => {
    const { status, headers, body: rest } = await sendRaw(service.baseUrl, CHUNKED + body + SMUGGLED)
    expect(status).toBe(400)
    expect(headers.get('connection')).toBe('close')
    expect(rest).not.toContain('smuggled')
  })
})

it('an unread body is no request', async () => {
  const body = SMUGGLED
  const { body: answers } = await sendRaw(
    service.baseUrl,
    `${GET}Content-Length: ${body.length}\r\n\r\n${body}${GET}X-Request-Id: last\r\nConnection: close\r\n\r\n`,
  )
  expect(answers).toContain('last')
  expect(answers).not.toContain('smuggled')
})

it('a coding nobody knows is never followed by a request', async () => {
  const request = `${POST}Transfer-Encoding: identity\r\n\r\n${SMUGGLED}`
  const socket = await open(service.baseUrl)
  socket.end(request)
  expect(await text(socket)).not.toContain('smuggled')
})

describe('requests sent ahead', () => {
  const COUNT = 500

  it('are answered one by one, in their order', async () => {
    const paths = ['/healthz', '/api/v1/inference/catalog?limit=1', '/api/v1/inference/dataset', '/nowhere']
    const requests = Array.from({ length: COUNT }, (_, place) => {
      const close = place === COUNT - 1 ? 'Connection: close\r\n' : ''
      const path = paths[place % paths.length]
      return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: n${place}\r\n${close}\r\n`
    })
    const socket = await open(service.baseUrl)
    socket.write(requests.join(''))
    const ids = [...(await text(socket)).matchAll(/^X-Request-Id: (.*)$/gim)].map(([, id]) => id?.trim())
    expect(ids).toEqual(Array.from({ length: COUNT }, (_, place) => `n${place}`))
  })

  it('wait while their client takes no answers', async () => {
    const socket = await open(service.baseUrl)
    socket.on('error', () => {})
    const path = '/api/v1/inference/models'
    // Each answer is of some 40 kB; what the system holds of a connection is no more than a few MB.
    socket.write(`GET ${path}?limit=100 HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(10_000))
    const answered = async () => {
      const metrics = await (await fetch(`${service.baseUrl}/metrics`)).text()
      return Number(metrics.match(new RegExp(`requests_total{route="${path}",code="200"} (\\d+)`))?.[1] ?? 0)
    }
    let seen = 0
    await expect
      .poll(
        async () => {
          const before = seen
          seen = await answered()
          return seen > 0 && seen === before
        },
        { interval: 200, timeout: 10_000 },
      )
      .toBe(true)
    expect(seen).toBeLessThan(1_000)
    socket.destroy()
  })
})
