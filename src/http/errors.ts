import type { ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { AppError, ERRORS } from '../errors.ts'
import { type Exchange, send } from './exchange.ts'
import { openAiError, speaksOpenAi } from './openai-errors.ts'
import { requestIdOf } from './request-id.ts'

/** All that a client learns of a failure nobody foresaw. */
const INTERNAL_DETAIL = 'Internal server error'

/** Turns whatever was thrown into the contract's envelope, or what the path has in its stead; logs what is our own fault in full. */
export function answerError(exchange: Exchange, error: unknown, log: Logger): void {
  const { id, request, response, path } = exchange
  const fault = toAppError(error)
  const { status } = ERRORS[fault.code]
  if (status >= 500) log.error({ id, err: error, method: request.method, path }, 'request failed')
  // Part of another answer is on its way: cutting it off is the only way left to say that it is wrong.
  if (response.headersSent) {
    request.socket.destroy()
    return
  }
  const body = speaksOpenAi(path) ? openAiError(path, fault, payload(fault).detail) : envelope(fault)
  send(exchange, status, Object.entries(errorHeaders(fault, body)).flat(), body)
}

/** Only codes have a place in the contract: a library's HTTP error becomes one, all else is internal. */
function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (isClientError(error)) return new AppError('invalid', 'Bad request', { cause: error })
  return new AppError('internal', INTERNAL_DETAIL, { cause: error })
}

/** The router and the body parsers mark what the client did wrong with a 4xx status. */
function isClientError(error: unknown): boolean {
  if (!(error instanceof Error) || !('status' in error)) return false
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500
}

export function noSuchRoute({ request, path }: Exchange): AppError {
  return new AppError('not_found', `No such route: ${request.method} ${path}`)
}

/** Answers a request that never came to the pipeline. */
export function sendFault(response: ServerResponse, fault: AppError, log: Logger): void {
  const body = envelope(fault)
  const id = requestIdOf(response.req.headers)
  const { status } = ERRORS[fault.code]
  log.info({ id, status, detail: fault.message }, 'refused')
  response.writeHead(status, { ...errorHeaders(fault, body), 'X-Request-Id': id })
  response.end(body)
}

/** A failure as the text of an answer's body. */
export function envelope(fault: AppError): string {
  return JSON.stringify({ ...payload(fault), errors: fault.items })
}

/** What a failure is to a client, but for the single faults behind it. */
export function payload(fault: AppError): { code: number; detail: string; type: string } {
  const { status, type } = ERRORS[fault.code]
  return { code: status, detail: fault.code === 'internal' ? INTERNAL_DETAIL : fault.message, type }
}

/** What every failure's answer carries, also one written without the pipeline. */
export function errorHeaders(fault: AppError, body: string): Record<string, string> {
  return {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    ...(ERRORS[fault.code].status === 401 && { 'WWW-Authenticate': 'Bearer' }),
  }
}
