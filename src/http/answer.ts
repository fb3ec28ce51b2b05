import { hash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CatalogAnswer } from '../catalog/catalog.ts'
import type { Config } from '../config.ts'
import { type Coding, compress } from './encoding.ts'

/** 132 bits of a SHA-256 in base64url: plenty to tell two bodies apart. */
const ETAG_LENGTH = 22

/** An answer as it goes out. */
export interface PreparedAnswer {
  /** The dataset version. */
  version: string
  etag: string
  coding: Coding | undefined
  /** The body, encoded. */
  bytes: Buffer
  /** The header's text where a query matches nothing, empty when nothing near is known. */
  didYouMean: string | undefined
}

export function prepareAnswer(answer: CatalogAnswer, coding: Coding | undefined): PreparedAnswer {
  const { version, body } = answer
  const bytes = coding === undefined ? Buffer.from(body) : compress(body, coding)
  const didYouMean = answer.didYouMean?.map(encodeURIComponent).join(',')
  return { version, etag: entityTag(body, coding), coding, bytes, didYouMean }
}

export type SendAnswer = (request: IncomingMessage, response: ServerResponse, answer: PreparedAnswer) => void

/** Makes the one function that sends what the catalog answered: whole, or as 304. */
export function answerSender(config: Config): SendAnswer {
  const cacheControl = config.maxAge === undefined ? 'private, no-cache' : `private, max-age=${config.maxAge}`
  const vary = `Accept-Encoding, Authorization, X-API-Key${config.corsOrigins === undefined ? '' : ', Origin'}`

  return (request, response, { version, etag, coding, bytes, didYouMean }) => {
    response.setHeader('ETag', etag)
    response.setHeader('Cache-Control', cacheControl)
    response.setHeader('Vary', vary)
    response.setHeader('X-Dataset-Version', version)
    const isKnown = matches(request.headers['if-none-match'], etag)
    // The tag is of the body alone. What a client keeps beside it is replaced by what a 304 says, even by nothing.
    if (didYouMean || (didYouMean !== undefined && isKnown)) response.setHeader('X-Did-You-Mean', didYouMean)
    if (isKnown) {
      response.statusCode = 304
      response.end()
      return
    }
    response.setHeader('Content-Type', 'application/json; charset=utf-8')
    if (coding !== undefined) response.setHeader('Content-Encoding', coding)
    response.setHeader('Content-Length', bytes.length)
    // Node leaves the body of an answer to HEAD out by itself.
    response.end(bytes)
  }
}

/** Strong, so one for each encoding: made of the body before it is encoded, and of the coding's name. */
function entityTag(body: string, coding: string | undefined): string {
  const digest = hash('sha256', body, 'base64url').slice(0, ETAG_LENGTH)
  return coding === undefined ? `"${digest}"` : `"${digest}-${coding}"`
}

const ENTITY_TAGS = /"[^"]*"/g

/** Weak comparison, as `If-None-Match` wants it: a `W/` before a tag makes no difference. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true
  return ifNoneMatch.match(ENTITY_TAGS)?.includes(etag) ?? false
}
