import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { Logger } from 'pino'
import { AppError } from '../errors.ts'
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
  /** How often the timeouts above are looked at. */
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
  })
  answerRefusals(server, log)
  server.on('request', (request, response) => {
    if (!server.listening) response.shouldKeepAlive = false
    if (request.headers.host === undefined && request.httpVersion !== '1.0') {
      response.shouldKeepAlive = false
      sendFault(response, new AppError('invalid', 'The Host header is missing'))
    } else {
      app(request, response)
    }
  })

  server.listen(port, host)
  await once(server, 'listening')
  return { port: portOf(server), stop: () => stopServer(server, limits) }
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
