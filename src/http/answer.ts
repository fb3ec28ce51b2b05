import { hash } from 'node:crypto'
import type { CatalogAnswer } from '../catalog/catalog.ts'
import type { Config } from '../config.ts'
import { type Coding, chooseCoding, compress } from './encoding.ts'
import { type Exchange, type FlatHeaders, send } from './exchange.ts'

/** 132 bits of a SHA-256 in base64url: plenty to tell two bodies apart. */
const ETAG_LENGTH = 22

const JSON_TYPE = 'application/json; charset=utf-8'

/** An answer as it goes out. */
export interface PreparedAnswer {
  etag: string
  /** What a 200 says. */
  headers: FlatHeaders
  /** What a 304 says. */
  freshHeaders: FlatHeaders
  /** The body, encoded; as a text, each character of it is one byte. */
  body: Uint8Array | string
}

export type PrepareAnswer = (
  answer: CatalogAnswer,
  coding: Coding | undefined,
  contentType?: string,
) => PreparedAnswer

/** The value of `Cache-Control`. */
export function cachingOf({ maxAge }: Config): string {
  return maxAge === undefined ? 'private, no-cache' : `private, max-age=${maxAge}`
}

export function answerPreparer(config: Config): PrepareAnswer {
  const prepare = encodedPreparer(config)
  return (answer, coding, contentType) => {
    const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
    const digest = answer.digest ?? hash('sha256', body, 'base64url')
    const bytes = coding === undefined || coding === answer.coding ? body : compress(body, coding)
    return prepare({ ...answer, digest, bytes }, coding, contentType)
  }
}

/** An answer whose body is encoded already; `digest` is a hash of the body before that, in base64url. */
interface EncodedAnswer extends Omit<CatalogAnswer, 'body'> {
  digest: string
  bytes: Uint8Array
}

/** Tells what goes out with a body that is encoded already. */
export function encodedPreparer(
  config: Config,
): (answer: EncodedAnswer, coding: Coding | undefined, contentType?: string) => PreparedAnswer {
  const cacheControl = cachingOf(config)

  return ({ version, digest, bytes, since, didYouMean }, coding, contentType = JSON_TYPE) => {
    const etag = entityTag(digest, coding)
    const common = ['ETag', etag, 'Cache-Control', cacheControl, 'X-Dataset-Version', version]
    if (since !== undefined) common.push('X-Dataset-Date', since)
    const suggestions = suggestionsOf(didYouMean)
    const headers = [
      ...common,
      ...(suggestions ? ['X-Did-You-Mean', suggestions] : []),
      'Content-Type',
      contentType,
      ...(coding === undefined ? [] : ['Content-Encoding', coding]),
      'Content-Length',
      `${bytes.length}`,
    ]
    // The tag is of the body alone. What a client keeps beside it is replaced by what a 304 says, even by nothing.
    const freshHeaders = suggestions === undefined ? common : [...common, 'X-Did-You-Mean', suggestions]
    return { etag, headers, freshHeaders, body: bytes }
  }
}

/** The value of `X-Did-You-Mean`. */
export function suggestionsOf(didYouMean: CatalogAnswer['didYouMean']): string | undefined {
  return didYouMean?.map(encodeURIComponent).join(',')
}

/** Sends an answer that is not kept, in the coding that its client wants most. */
export function answerSender(
  config: Config,
): (exchange: Exchange, answer: CatalogAnswer, contentType?: string) => void {
  const prepare = answerPreparer(config)
  return (exchange, answer, contentType) => {
    const coding = chooseCoding(exchange.request.headers['accept-encoding'])
    sendAnswer(exchange, prepare(answer, coding, contentType))
  }
}

/**
 * Longest body that is better sent as a text, in bytes: Node makes one text of it and the head and writes that, which takes 0.7 µs
 * less than writing two pieces. Of a longer one the copy costs as much.
 */
const MAX_TEXT_BYTES = 4 * 1024

/** An answer in the form that is quickest to send. */
export function quickToSend(answer: PreparedAnswer): PreparedAnswer {
  const { body } = answer
  if (typeof body === 'string' || body.length > MAX_TEXT_BYTES) return answer
  return { ...answer, body: Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1') }
}

/** Sends what the catalog answered: whole, or as 304. */
export function sendAnswer(exchange: Exchange, { etag, headers, freshHeaders, body }: PreparedAnswer): void {
  if (matches(exchange.request.headers['if-none-match'], etag)) send(exchange, 304, freshHeaders)
  else send(exchange, 200, headers, body, 'latin1')
}

/** Strong, so one for each encoding: made of a hash of the body before it is encoded, and of the coding's name. */
export function entityTag(digest: string, coding: string | undefined): string {
  const tag = digest.slice(0, ETAG_LENGTH)
  return coding === undefined ? `"${tag}"` : `"${tag}-${coding}"`
}

const ENTITY_TAGS = /"[^"]*"/g

/** Weak comparison, as `If-None-Match` wants it: a `W/` before a tag makes no difference. */
export function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true
  return ifNoneMatch.match(ENTITY_TAGS)?.includes(etag) ?? false
}
