import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { get as getHttps } from 'node:https'
import { AppError } from '../errors.ts'
import { get as getHttp } from '../program/node-http.ts'
import { type Address, readAddress, shownUrl } from './address.ts'
import { decodedBody } from './decode.ts'

/** How long and how large an answer may be. */
export interface FetchLimits {
  /** From the first connection to the last byte, redirects included. In ms. */
  timeoutMs: number
  /** Longest silence in it, in ms. */
  stallMs: number
  /** As sent, and again as decoded. */
  maxBytes: number
}

export const FETCH_LIMITS: FetchLimits = {
  timeoutMs: 60_000,
  stallMs: 20_000,
  maxBytes: 256_000_000,
}

const MAX_REDIRECTS = 5
const REDIRECTS = [301, 302, 303, 307, 308]

/** What an answer calls its state, to be asked about the next time. */
export interface Validators {
  etag: string | null
  lastModified: string | null
}

export interface FetchedCatalog {
  /** Decoded; it throws what `fetchCatalog` throws. */
  body: AsyncIterable<Buffer>
  validators: Validators | undefined
}

/**
 * Asks for a catalog over http(s).
 * @param known what an earlier answer of this address called its state
 * @returns undefined while upstream says that this is its state still
 * @throws AppError `bad_gateway` or `gateway_timeout`, naming the address without credentials and query
 */
export async function fetchCatalog(
  address: Address,
  known: Validators | undefined,
  limits: FetchLimits,
): Promise<FetchedCatalog | undefined> {
  const answer = await fetchAnswer(address, requestHeaders(known), limits)
  if (answer.status === 200) return { body: answer.body(), validators: validatorsOf(answer) }
  answer.drop()
  if (answer.status === 304 && known !== undefined) return undefined
  throw new AppError('bad_gateway', `${address.shown} answered ${answer.status}`)
}

/** An answer whose body has not been read: to be read or dropped. */
export interface FetchedAnswer {
  status: number
  headers: IncomingHttpHeaders
  /** Decoded; it throws what `fetchAnswer` throws. */
  body(): AsyncIterable<Buffer>
  drop(): void
}

/**
 * Asks over http(s), whatever the answer.
 * @throws AppError `bad_gateway` or `gateway_timeout`, naming the address without credentials and query
 */
export async function fetchAnswer(
  address: Address,
  headers: Record<string, string>,
  limits: FetchLimits,
): Promise<FetchedAnswer> {
  const watch = watchOver(address, limits)
  try {
    const response = await follow(address, { 'user-agent': 'modeldex', ...headers }, watch)
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: () => watched(response, address, watch, limits),
      drop() {
        response.destroy()
        watch.end()
      },
    }
  } catch (cause) {
    watch.end()
    throw faultOf(cause, address, watch)
  }
}

async function* watched(
  response: IncomingMessage,
  address: Address,
  watch: Watch,
  { maxBytes }: FetchLimits,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* decodedBody(response, address.shown, maxBytes)
  } catch (cause) {
    throw faultOf(cause, address, watch)
  } finally {
    watch.end()
  }
}

function validatorsOf({ headers }: FetchedAnswer): Validators | undefined {
  const { etag = null, 'last-modified': lastModified = null } = headers
  return etag === null && lastModified === null ? undefined : { etag, lastModified }
}

function requestHeaders(known: Validators | undefined): Record<string, string> {
  return {
    accept: 'application/json',
    'accept-encoding': 'br, gzip',
    ...(known?.etag != null && { 'if-none-match': known.etag }),
    ...(known?.lastModified != null && { 'if-modified-since': known.lastModified }),
  }
}

/** The first answer that leads nowhere else. */
async function follow(
  { url: start, authorization }: Address,
  headers: Record<string, string>,
  watch: Watch,
): Promise<IncomingMessage> {
  const visited = new Set<string>()
  let url = start
  while (!visited.has(url.href)) {
    visited.add(url.href)
    const credentials = url.origin === start.origin && authorization !== undefined ? { authorization } : {}
    const response = await request(url, { ...headers, ...credentials }, watch)
    const { location } = response.headers
    if (!REDIRECTS.includes(response.statusCode ?? 0) || location === undefined) return response
    response.destroy()
    if (visited.size > MAX_REDIRECTS) {
      throw new AppError('bad_gateway', `${shownUrl(start)} redirects more than ${MAX_REDIRECTS} times`)
    }
    url = redirected(url, location)
  }
  throw new AppError('bad_gateway', `${shownUrl(start)} redirects in a circle, back to ${shownUrl(url)}`)
}

function redirected(from: URL, location: string): URL {
  const to = URL.parse(location, from.href)
  if (to === null) throw new AppError('bad_gateway', `${shownUrl(from)} redirects to what is no URL`)
  if (to.protocol !== 'http:' && to.protocol !== 'https:') {
    throw new AppError('bad_gateway', `${shownUrl(from)} redirects to ${to.protocol}, which is not followed`)
  }
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new AppError('bad_gateway', `${shownUrl(from)} redirects from https to http, which is not followed`)
  }
  return readAddress(to.href).url
}

function request(url: URL, headers: Record<string, string>, watch: Watch): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const get = url.protocol === 'https:' ? getHttps : getHttp
  // Node's own agent: it reads the proxy variables where NODE_USE_ENV_PROXY says so.
  get(url, { headers, signal: watch.signal }, (response) => {
    response.on('data', watch.heard).pause()
    watch.heard()
    resolve(response)
  }).on('error', reject)
  return promise
}

/** Ends what takes too long, as a whole or between two pieces. */
interface Watch {
  signal: AbortSignal
  heard(): void
  end(): void
}

function watchOver({ shown }: Address, { timeoutMs, stallMs }: FetchLimits): Watch {
  const controller = new AbortController()
  const giveUp = (why: string) => controller.abort(new AppError('gateway_timeout', `${shown} ${why}`))
  const whole = setTimeout(giveUp, timeoutMs, `did not answer in full within ${timeoutMs / 1000} s`)
  const silence = setTimeout(giveUp, stallMs, `sent nothing for ${stallMs / 1000} s`)
  return {
    signal: controller.signal,
    heard: () => silence.refresh(),
    end() {
      clearTimeout(whole)
      clearTimeout(silence)
    },
  }
}

function faultOf(cause: unknown, { shown }: Address, { signal }: Watch): unknown {
  if (signal.aborted) return signal.reason
  if (cause instanceof AppError) return cause
  return new AppError('bad_gateway', `cannot fetch ${shown}: ${reasonOf(cause)}`, { cause })
}

/** A name with several addresses fails with one error for each, and no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ')
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && error.code === 'ECONNRESET'
    ? `the connection broke off (${error.message})`
    : error.message
}
