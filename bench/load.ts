import { createConnection, type Socket } from 'node:net'

/** One request of a load and the only answer to it that counts. */
export interface Exchange {
  /** The whole request as it goes over the wire. */
  request: Buffer
  url: string
  status: number
  /** Bytes of the body. */
  length: number
}

export interface LoadResult {
  seconds: number
  /** Of each answer, in ms, ascending. */
  latenciesMs: Float64Array
}

/** Connections kept alive, each with one request under way. */
export const CONNECTIONS = 8
/** Longest time without any answer before a load is given up, in ms. */
const STALL_MS = 60_000
const HEAD_END = Buffer.from('\r\n\r\n')
const STATUS_OFFSET = 'HTTP/1.1 '.length
const CONTENT_LENGTH = /\r\ncontent-length: (\d+)/i

/** Sends `count` requests, over and over the exchanges; every answer must be the expected one. */
export async function runLoad(
  port: number,
  exchanges: readonly Exchange[],
  count: number,
): Promise<LoadResult> {
  const latenciesMs = new Float64Array(count)
  const started = performance.now()
  let sent = 0
  let answered = 0
  const sockets: Socket[] = []
  const next = () => (sent < count ? { place: sent++ } : undefined)
  const stalled = Promise.withResolvers<never>()
  let seen = -1
  const watch = setInterval(() => {
    if (seen === answered) stalled.reject(new Error(`no answer in ${STALL_MS / 1000} s`))
    seen = answered
  }, STALL_MS)
  const stopSpinning = spin()
  try {
    const connections = Array.from({ length: Math.min(CONNECTIONS, count) }, () =>
      converse(port, sockets, () => {
        const taken = next()
        if (taken === undefined) return undefined
        const exchange = exchanges[taken.place % exchanges.length]
        if (exchange === undefined) throw new Error('a load without requests')
        const begun = performance.now()
        return { exchange, done: () => (latenciesMs[answered++] = performance.now() - begun) }
      }),
    )
    await Promise.race([Promise.all(connections), stalled.promise])
  } finally {
    clearInterval(watch)
    stopSpinning()
    for (const socket of sockets) socket.destroy()
  }
  return { seconds: (performance.now() - started) / 1000, latenciesMs: latenciesMs.sort() }
}

/**
 * Keeps this process from falling asleep between answers: waking it would be done, and paid for, by whoever sends one, and
 * most by those servers that are slow enough to let it sleep.
 */
function spin(): () => void {
  let isOver = false
  const again = () => {
    if (!isOver) setImmediate(again)
  }
  again()
  return () => {
    isOver = true
  }
}

interface Turn {
  exchange: Exchange
  done(): void
}

/** One connection: the next request goes out when the last answer is in, whole and as expected. */
function converse(port: number, sockets: Socket[], nextTurn: () => Turn | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true })
  sockets.push(socket)
  let turn: Turn | undefined
  const reader = answerReader((status, length) => {
    if (turn === undefined) throw new Error('an answer nobody asked for')
    const { exchange } = turn
    if (status !== exchange.status || length !== exchange.length) {
      const wanted = `${exchange.status} with ${exchange.length} bytes`
      throw new Error(`${exchange.url} answered ${status} with ${length} bytes, not ${wanted}`)
    }
    turn.done()
    send()
  })
  const send = () => {
    turn = nextTurn()
    if (turn === undefined) resolve()
    else socket.write(turn.exchange.request)
  }
  socket.once('connect', send)
  socket.on('data', (chunk) => {
    try {
      reader(chunk)
    } catch (error) {
      reject(error)
      socket.destroy()
    }
  })
  socket.once('error', reject)
  socket.once('close', () => reject(new Error('the server closed the connection')))
  return promise
}

/** Reads just enough of HTTP to tell where an answer ends; the servers here all send Content-Length. */
function answerReader(onAnswer: (status: number, length: number) => void): (chunk: Buffer) => void {
  let head: Buffer = Buffer.alloc(0)
  let status = 0
  let length = 0
  let left = -1
  return (chunk) => {
    if (left < 0) {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      const end = head.indexOf(HEAD_END)
      if (end < 0) return
      const text = head.toString('latin1', 0, end)
      status = Number(text.slice(STATUS_OFFSET, STATUS_OFFSET + 3))
      length = status === 304 ? 0 : Number(CONTENT_LENGTH.exec(text)?.[1])
      left = length - (head.length - end - HEAD_END.length)
      head = Buffer.alloc(0)
    } else {
      left -= chunk.length
    }
    if (Number.isNaN(left) || left < 0)
      throw new Error(`an answer of ${status} has no length, or more bytes than it says`)
    if (left > 0) return
    left = -1
    onAnswer(status, length)
  }
}

/** The request for a URL as a client with a kept connection sends it. */
export function requestOf(url: string, headers: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries({ Host: '127.0.0.1', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  return Buffer.from(`GET ${url} HTTP/1.1\r\n${lines.join('')}\r\n`)
}
