import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { AppError, ERRORS } from '../errors.ts'
import { STATUS_CODES } from '../program/node-http.ts'
import { envelope, errorHeaders, sendFault } from './errors.ts'
import { requestIdOf } from './request-id.ts'

/** How long a refused client may go on sending, so that it gets to read why. In ms. */
const LINGER_MS = 1_000

/** Answers in the contract's envelope what never becomes a request that Express could handle. */
export function answerRefusals(server: Server, answers: WeakMap<Duplex, ServerResponse>, log: Logger): void {
  const refused = new WeakSet<Duplex>()

  const refuse = (socket: Duplex, fault: AppError) => {
    // There is no request yet that could bring one along.
    const id = requestIdOf({})
    log.info({ id, status: ERRORS[fault.code].status, detail: fault.message }, 'refused')
    endWith(socket, fault, id)
  }

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // The parser goes on failing on what a refused client still sends.
    if (refused.has(socket)) return
    refused.add(socket)
    const answer = answers.get(socket)
    const isMidAnswer = answer?.headersSent === true && !answer.writableFinished
    if (error.code === 'ECONNRESET' || !socket.writable || isMidAnswer) socket.destroy()
    else refuse(socket, new AppError('invalid', parserDetail(error.code), { cause: error }))
  })

  server.on('connect', (_request, socket) =>
    refuse(socket, new AppError('not_found', 'No such route: CONNECT')),
  )

  server.on('checkExpectation', (_request, response) => {
    response.shouldKeepAlive = false
    sendFault(response, new AppError('invalid', 'The Expect header asks for something unknown'), log)
  })
}

function parserDetail(code: string | undefined): string {
  if (code === 'HPE_HEADER_OVERFLOW') return 'The URL and headers are too long'
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'The request did not arrive in time'
  return 'The request is no valid HTTP'
}

/**
 * Writes a failure by hand and closes. Closing a socket that holds unread data resets the connection, and the client
 * may never see the answer: what it still sends is read and dropped for a while.
 */
function endWith(socket: Duplex, fault: AppError, id: string): void {
  const { status } = ERRORS[fault.code]
  const body = envelope(fault)
  const headers = { ...errorHeaders(fault, body), 'X-Request-Id': id, Connection: 'close' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
}
