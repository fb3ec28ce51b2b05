import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { newExchange } from '../../src/http/exchange.ts'
import { rowSender } from '../../src/http/rows.ts'
import { startServer } from '../../src/http/server.ts'
import { expectEnvelope, open, readAnswer } from './wire.ts'

/** Short, so that they can be waited for. */
const LIMITS = {
  headersTimeoutMs: 100,
  requestTimeoutMs: 200,
  stallTimeoutMs: 100,
  stallCheckMs: 20,
  keepAliveTimeoutMs: 50,
  timeoutCheckMs: 20,
}
/** How often a slow client sends. */
const TRICKLE_MS = 10
/** Longer than a test takes. */
const NEVER_MS = 1_000_000
/** More than the sockets between server and client hold. */
const MUCH = 20_000_000

async function serverForTest(app: RequestListener, stallTimeoutMs = LIMITS.stallTimeoutMs) {
  const log = pino({ enabled: false })
  const server = await startServer(app, {
    host: '127.0.0.1',
    port: 0,
    log,
    limits: { ...LIMITS, stallTimeoutMs },
  })
  onTestFinished(() => server.stop())
  return `http://127.0.0.1:${server.port}`
}

/** Sends a text a byte at a time, without end, until the connection is closed. */
async function trickle(url: string, begin: string, more: string): Promise<ReturnType<typeof readAnswer>> {
  const socket = await open(url)
  const answer = readAnswer(socket)
  socket.on('error', () => {})
  socket.write(begin)
  for (let at = 0; socket.writable && !socket.readableEnded; at++) {
    socket.write(more.charAt(at % more.length))
    await sleep(TRICKLE_MS)
  }
  return answer
}

describe('a client that', () => {
  it('sends headers without end is refused', async () => {
    const url = await serverForTest((_request, response) => response.end(), NEVER_MS)
    const answer = await trickle(url, 'GET / HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n')
    expectEnvelope(answer, answer.body, 400, 'invalid_error')
  })

  it('sends a body without end is refused', async () => {
    const url = await serverForTest((request, response) => {
      request.resume().on('end', () => response.end('read'))
    }, NEVER_MS)
    const answer = await trickle(url, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n', 'a')
    expectEnvelope(answer, answer.body, 400, 'invalid_error')
  })

  it('reads nothing of its answer is cut off', async () => {
    const closed = Promise.withResolvers<{ finished: boolean }>()
    const url = await serverForTest((_request, response) => {
      response.on('close', () => closed.resolve({ finished: response.writableFinished }))
      response.end(Buffer.alloc(MUCH))
    })
    const socket = await open(url)
    onTestFinished(() => void socket.destroy())
    socket.pause()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(await closed.promise).toEqual({ finished: false })
  })

  it('reads its first answer and nothing of the next is cut off', async () => {
    const closed = Promise.withResolvers<{ finished: boolean }>()
    const url = await serverForTest((request, response) => {
      if (request.url === '/short') return response.end('short')
      response.on('close', () => closed.resolve({ finished: response.writableFinished }))
      return response.end(Buffer.alloc(MUCH))
    })
    const socket = await open(url)
    onTestFinished(() => void socket.destroy())
    socket.write('GET /short HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket, 'data')
    socket.pause()
    socket.write('GET /long HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(await closed.promise).toEqual({ finished: false })
  })

  it('reads nothing of a list sent row by row is cut off, and what it holds of the catalog is let go', async () => {
    const closed = Promise.withResolvers<void>()
    const row = JSON.stringify({ name: 'x'.repeat(10_000) })
    const rows = {
      ...{ version: 'v', total: 1, didYouMean: [] },
      next: (most: number) => Array<string>(most).fill(row),
      close: closed.resolve,
    }
    const sendRows = rowSender(readConfig({}, {}).config, LIMITS.stallTimeoutMs)
    const url = await serverForTest((request, response) => {
      void sendRows(newExchange(request, response, [], []), 'ndjson', () => rows)
    }, NEVER_MS)
    const socket = await open(url)
    onTestFinished(() => void socket.destroy())
    socket.pause()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await closed.promise
  })

  it('reads slowly gets all of it', async () => {
    const stallTimeoutMs = 2_000
    const url = await serverForTest((_request, response) => response.end(Buffer.alloc(MUCH)), stallTimeoutMs)
    const started = performance.now()
    const socket = await open(url)
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    let bytes = 0
    for await (const chunk of socket) {
      bytes += chunk.length
      await sleep(8)
    }
    expect(bytes).toBeGreaterThan(MUCH)
    expect(performance.now() - started).toBeGreaterThan(stallTimeoutMs)
  })

  it('waits for long work is left alone', async () => {
    const url = await serverForTest((_request, response) => {
      setTimeout(() => response.end('done'), 5 * LIMITS.stallTimeoutMs)
    })
    expect(await (await fetch(url)).text()).toBe('done')
  })

  it('asks nothing more is let go', async () => {
    const url = await serverForTest((_request, response) => response.end('done'))
    const socket = await open(url)
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket.resume(), 'close')
  })

  it('asks nothing at all is let go', async () => {
    const url = await serverForTest((_request, response) => response.end('done'))
    const socket = await open(url)
    await once(socket.resume(), 'close')
  })
})
