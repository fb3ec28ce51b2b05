import { once } from 'node:events'
import type { RequestListener, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { AppError } from '../errors.ts'
import { createServer } from '../program/node-http.ts'
import { sendFault } from './errors.ts'
import { answerRefusals } from './refusals.ts'

/** How much of a client's bytes and time the server takes. */
const SERVER_LIMITS = {
  /** URL and headers together: a query of 256 characters fits several times over, percent-encoded. */
  maxHeaderBytes: 16 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  /** Longer than the minute for which load balancers keep an idle connection: they are to close it, not we. */
  keepAliveTimeoutMs: 65_000,
  /** How long a client may take nothing of an answer. Systems hold megabytes of it: slow readers only seem to pause. */
  stallTimeoutMs: 120_000,
  /** How often answers that are still being sent are looked for, so that those which are not taken come to be noticed. */
  stallCheckMs: 5_000,
  /** How often the timeouts of requests are looked at. */
  timeoutCheckMs: 5_000,
  /** How long requests under way may take to finish once the server stops. */
  stopGraceMs: 10_000,
  /** How often connections that have become idle are closed while it stops. */
  stopCheckMs: 20,
}

export interface RunningServer {
  port: number
  /** Takes no more requests, finishes those under way, then closes. */
  stop(): Promise<void>
}

export interface ServerOptions {
  host: string
  /** 0 takes a free one. */
  port: number
  log: Logger
  limits?: Partial<typeof SERVER_LIMITS>
}

/** Serves `app`; rejects with Node's own error when it cannot listen. */
export async function startServer(app: RequestListener, options: ServerOptions): Promise<RunningServer> {
  const { host, port, log } = options
  const limits = { ...SERVER_LIMITS, ...options.limits }
  const server = createServer({
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: limits.timeoutCheckMs,
    // Node's own answer to a missing Host has no envelope.
    requireHostHeader: false,
    // Most requests have no body: then no events are made of its end, 4 % of a hot answer.
    optimizeEmptyRequests: true,
  })
  /** The latest answer on each connection. */
  const answers = new WeakMap<Duplex, ServerResponse>()
  answerRefusals(server, answers, log)
  closeStalled(server, answers, limits)
  server.on('request', (request, response) => {
    answers.set(request.socket, response)
    if (!server.listening) response.shouldKeepAlive = false
    const hosts = countHosts(request.rawHeaders)
    if (hosts === 1 || (hosts === 0 && request.httpVersion === '1.0')) {
      app(request, response)
    } else {
      response.shouldKeepAlive = false
      const detail = hosts === 0 ? 'The Host header is missing' : 'There is more than one Host header'
      sendFault(response, new AppError('invalid', detail), log)
    }
  })

  server.listen(port, host)
  await once(server, 'listening')
  return { port: portOf(server), stop: () => stopServer(server, limits) }
}

/** Node hands on the first of several; a proxy in front may have gone by another. */
function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === 'host'.length && name.toLowerCase() === 'host') hosts++
  }
  return hosts
}

/**
 * Closes connections on which nothing has moved for so long, but for those whose request is still being worked on. Only
 * answers that somebody finds under way get a timeout: set for every request, as the server's own would be, it is 2 % of
 * a hot answer. Idle connections come here too, for a server that listens for timeouts has to close them all.
 */
function closeStalled(
  server: Server,
  answers: WeakMap<Duplex, ServerResponse>,
  { stallTimeoutMs, stallCheckMs }: typeof SERVER_LIMITS,
): void {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('timeout', (socket) => {
    const answer = answers.get(socket)
    if (answer === undefined || answer.headersSent) socket.destroy()
  })
  const check = () => {
    for (const socket of sockets) {
      const answer = answers.get(socket)
      const isUnderWay = answer?.headersSent === true && !answer.writableFinished
      // Whoever sends rows sets a shorter one, and to set one again would begin anew. Node takes it back behind the answer.
      if (isUnderWay && !socket.timeout) socket.setTimeout(stallTimeoutMs)
    }
  }
  // One that cannot listen never closes.
  server.once('listening', () => {
    const timer = setInterval(check, stallCheckMs)
    server.once('close', () => clearInterval(timer))
  })
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no TCP port')
  return address.port
}

async function stopServer(server: Server, limits: typeof SERVER_LIMITS): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  const idle = setInterval(() => server.closeIdleConnections(), limits.stopCheckMs)
  const grace = setTimeout(() => server.closeAllConnections(), limits.stopGraceMs)
  try {
    await closed
  } finally {
    clearInterval(idle)
    clearTimeout(grace)
  }
}
