import express, { type ErrorRequestHandler } from 'express'
import { AppError } from '../errors.ts'
import type { Handler } from './context.ts'

/** Longest body, in bytes. */
const MAX_BODY_BYTES = 64 * 1024

/**
 * Reads a JSON body before the handler that gets it.
 * @throws AppError `invalid`
 */
export function jsonBody(): [Handler, ErrorRequestHandler, Handler] {
  return [express.json({ limit: MAX_BODY_BYTES, inflate: false }), describeFault, requireBody]
}

const DETAILS = new Map<unknown, string>([
  ['entity.too.large', `The body is longer than ${MAX_BODY_BYTES / 1024} KiB`],
  ['entity.parse.failed', 'The body is no valid JSON'],
  ['encoding.unsupported', 'The body must not be compressed'],
  ['charset.unsupported', 'The body must be UTF-8'],
])

/** The parser calls all that fails in it a bad request, even where it has no file descriptor left: it names what is one. */
const describeFault: ErrorRequestHandler = (cause: unknown, _request, _response, next) => {
  const type = cause instanceof Error && 'type' in cause ? cause.type : undefined
  const detail = DETAILS.get(type)
  if (detail !== undefined) next(new AppError('invalid', detail, { cause }))
  else if (type !== undefined || cause instanceof AppError) next(cause)
  else next(new AppError('internal', 'The body cannot be read', { cause }))
}

const requireBody: Handler = (request, _response, next) => {
  if (request.body === undefined) {
    throw new AppError('invalid', 'The body must be JSON, with Content-Type: application/json')
  }
  next()
}
