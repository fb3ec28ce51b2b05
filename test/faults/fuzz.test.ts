import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openApiDocument } from '../../src/openapi/document.ts'
import { wrongWith } from './fuzz/judge.ts'
import { type HostileRequest, hostileRequest } from './fuzz/requests.ts'
import { routesOf } from './fuzz/routes.ts'
import { type Answer, converse, sendAlone, takeAnswer } from './fuzz/wire.ts'

const ARMS = {
  routes: routesOf(JSON.parse(JSON.stringify(openApiDocument()))),
  token: 'mdx_token',
  ids: ['openai/gpt-4o'],
}
const SEED = 7
const REQUESTS = Array.from({ length: 3_000 }, (_, number) => hostileRequest(SEED, number, ARMS))

describe('hostile requests', () => {
  it('are the same for the same seed and number, one by one', () => {
    for (const number of [2_999, 0, 1_234]) {
      expect(hostileRequest(SEED, number, ARMS)).toEqual(REQUESTS[number])
    }
    expect(hostileRequest(SEED + 1, 0, ARMS)).not.toEqual(REQUESTS[0])
    expect(new Set(REQUESTS.map(({ bytes }) => bytes.toString('latin1'))).size).toBeGreaterThan(2_800)
  })

  it('go to every route, and some are hardly requests', () => {
    const lines = REQUESTS.map(({ bytes }) => bytes.toString('latin1').split('\r\n')[0] ?? '')
    for (const { method, path } of ARMS.routes) {
      const start = `${method} ${path.replace(/\{.*/, '')}`
      expect(lines.filter((line) => line.startsWith(start)).length, start).toBeGreaterThan(0)
    }
    const broken = REQUESTS.filter(({ sound }) => sound === undefined).length / REQUESTS.length
    expect(broken).toBeGreaterThan(0.15)
    expect(broken).toBeLessThan(0.25)
  })

  it('end where their length says, where they are sound', () => {
    for (const { bytes, sound } of REQUESTS) {
      if (sound === undefined) continue
      const [head = '', ...rest] = bytes.toString('latin1').split('\r\n\r\n')
      const length = Number(/^Content-Length: (\d+)$/m.exec(head)?.[1] ?? 0)
      expect(rest.join('\r\n\r\n')).toHaveLength(length)
      expect(head.startsWith(`${sound.method} ${sound.url} HTTP/1.1\r\n`)).toBe(true)
      expect(head).not.toMatch(/\0|[^\r]\n|\r[^\n]/)
    }
  })
})

describe('what is wrong with an answer', () => {
  const HOSTILE: HostileRequest = {
    bytes: Buffer.alloc(0),
    sound: { method: 'GET', url: '/api/v1/inference/providers?query=%00' },
  }
  const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
    status,
    headers: new Headers({
      'Content-Type': 'application/json; charset=utf-8',
      'X-Request-Id': 'a',
      'Cache-Control': 'no-store',
      ...headers,
    }),
    body: Buffer.from(JSON.stringify(body)),
  })
  const item = { loc: ['query', 'a'], msg: 'no', type: 'extra_forbidden' }
  const envelope = { code: 422, detail: 'a: no', type: 'validation_error', errors: [item] }

  it.each([
    [
      'a failure of the service',
      answer(500, { code: 500, detail: 'no', type: 'server_error' }),
      /status 500/,
    ],
    ['no request id', answer(422, envelope, { 'X-Request-Id': '' }), undefined],
    ['another status than it says', answer(422, { ...envelope, code: 400 }), /envelope/],
    ['another type', answer(422, { ...envelope, type: 'not_found_error' }), /envelope/],
    ['no errors', answer(422, { ...envelope, errors: [] }), /envelope/],
    ['more than there should be', answer(422, { ...envelope, stack: 'at x.ts' }), /envelope/],
    ['a page', answer(404, 'Cannot GET', { 'Content-Type': 'text/html' }), /of type text\/html/],
    ['a status nobody knows', answer(418, ''), /a body/],
    ['another answer than is described', answer(200, { models: 1 }), /lacks|required/],
  ])('%s', (_name, given, message) => {
    if (message === undefined) given.headers.delete('x-request-id')
    expect(wrongWith(HOSTILE, given)).toMatch(message ?? /X-Request-Id/)
  })

  it('nothing, where it is in the envelope', () => {
    expect(wrongWith(HOSTILE, answer(422, envelope))).toBeUndefined()
    const { sound: _, ...broken } = HOSTILE
    expect(wrongWith(broken, answer(400, { code: 400, detail: 'no', type: 'invalid_error' }))).toBeUndefined()
  })
})

describe('answers on the wire', () => {
  const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'

  it('are taken one by one, whole', () => {
    const bytes = Buffer.from(`HTTP/1.1 100 Continue\r\n\r\n${OK}HTTP/1.1 304 Not Modified\r\n\r\n`)
    for (let end = 0; end < 25 + OK.length; end++)
      expect(takeAnswer(bytes.subarray(0, end), false)).toBeUndefined()
    const first = takeAnswer(bytes, false)
    expect(first?.answer.body.toString()).toBe('{}')
    expect(takeAnswer(first?.rest ?? Buffer.alloc(0), false)?.answer.status).toBe(304)
    expect(() => takeAnswer(Buffer.from('SSH-2.0\r\n\r\n'), false)).toThrow(/begins with/)
    expect(() => takeAnswer(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), false)).toThrow(/how long/)
  })

  /** Does something to whoever asks. */
  async function portOf(treat: (socket: Socket) => void): Promise<number> {
    const server = createServer(
      { allowHalfOpen: true },
      (socket) => void socket.on('error', () => {}).once('data', () => treat(socket)),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    return typeof address === 'object' ? (address?.port ?? 0) : 0
  }

  it.each([
    ['a server that hangs', () => {}, /no answer within/],
    ['an answer that is cut off', (socket: Socket) => socket.end(OK.slice(0, -1)), /cut off/],
    ['two answers to one request', (socket: Socket) => socket.write(OK + OK), /more came/],
    ['no HTTP', (socket: Socket) => socket.write('hello\r\n\r\n'), /begins with/],
  ])('%s is seen', async (_name, treat, message) => {
    const port = await portOf(treat)
    const conversation = converse(port, 200)
    await expect(conversation.ask(Buffer.from('GET'), false)).rejects.toThrow(message)
    conversation.close()
  })

  it('a server that answers nothing, or several times to what may be several, is heard out', async () => {
    expect(await sendAlone(await portOf((socket) => socket.end()), Buffer.from('x'), 5_000)).toEqual([])
    const answers = await sendAlone(await portOf((socket) => socket.end(OK + OK)), Buffer.from('x'), 5_000)
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    await expect(sendAlone(await portOf(() => {}), Buffer.from('x'), 200)).rejects.toThrow(/no answer within/)
  })
})
