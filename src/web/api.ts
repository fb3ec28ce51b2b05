import { currentToken, dropToken, isToken, keepToken } from './credentials.ts'
import type { Envelope } from './wire.ts'

/** How things stand between the page and the service. */
export type Connection =
  | { kind: 'fine' }
  /** It wants a token; `refused` says why the one it got will not do. */
  | { kind: 'signed-out'; refused: string | undefined }
  /** Too many requests; the next one goes out at this time, in ms since the epoch. */
  | { kind: 'limited'; until: number }
  /** Nobody answers. */
  | { kind: 'gone' }

/** The service's word that a request is wrong, or that it failed. */
export class RequestError extends Error {
  readonly status: number
  constructor({ code, detail }: Pick<Envelope, 'code' | 'detail'>) {
    super(detail)
    this.status = code
  }
}

export interface Answer<Body> {
  body: Body
  headers: Headers
}

const API = 'api/v1/inference/'
/** How long to wait before asking again where nobody answered, in ms: longer each time, up to the last. */
const RETRY_DELAYS_MS = [500, 1_000, 2_000, 5_000]
/** What is assumed where a refusal does not say how long to wait, in s. */
const USUAL_WAIT_S = 5

let connection: Connection = { kind: 'fine' }
const listeners = new Set<(connection: Connection) => void>()
/** Requests stand here while there is no use in asking: one finds out, the others follow. */
let gate: Promise<void> = Promise.resolve()
let failures = 0
/** Which catalog the newest answer was of. */
let newestVersion: string | null = null
let openGate: (() => void) | undefined
let gateTimer: ReturnType<typeof setTimeout> | undefined
/** Those who stand at the gate. */
const waiting = new Set<RequestInit>()

/** Where the page says that a token is needed and there is none, nothing is asked before there is. */
export function startConnection(): void {
  const isNeeded = document.querySelector('meta[name="sign-in"][content="needed"]') !== null
  if (isNeeded && currentToken() === undefined) closeGate({ kind: 'signed-out', refused: undefined })
}

/** The version of the dataset that is served, as far as the page knows. */
export function servedVersion(): string | null {
  return newestVersion
}

export function onConnection(listener: (connection: Connection) => void): () => void {
  listeners.add(listener)
  listener(connection)
  return () => void listeners.delete(listener)
}

export function signIn(token: string, isRemembered: boolean): void {
  if (isToken(token)) {
    keepToken(token, isRemembered)
    openGate?.()
  } else {
    // No header could carry it.
    setConnection({ kind: 'signed-out', refused: 'Malformed bearer token' })
  }
}

/** Begins anew: nothing that was shown stays. */
export function signOut(): void {
  dropToken()
  location.reload()
}

/**
 * Asks the service. A missing token, a rate limit and a server that is gone are waited for: this settles with an answer
 * to the request, or when the signal comes.
 * @param path behind `api/v1/inference/`, with its query
 * @throws RequestError when the request itself is at fault, or the service
 */
export function ask<Body>(path: string, init: RequestInit = {}): Promise<Answer<Body>> {
  return askAndRead(path, init, async (response) => ({
    body: (await response.json()) as Body,
    headers: response.headers,
  }))
}

/** As `ask`, with the body read by the caller: all of it anew where an answer breaks off. */
export async function askAndRead<Read>(
  path: string,
  init: RequestInit,
  read: (response: Response) => Promise<Read>,
): Promise<Read> {
  for (;;) {
    const response = await (takeAhead(path) ?? fetchAnswer(path, init))
    try {
      return await read(response)
    } catch (error) {
      init.signal?.throwIfAborted()
      if (!(error instanceof TypeError)) throw error
      waitForService()
    }
  }
}

/** Answers on their way to whoever asks for them first, by path. */
const ahead = new Map<string, Promise<Response>>()

/** Asks before there is anyone to take the answer. */
export function askAhead(path: string): void {
  const answer = fetchAnswer(path, {})
  // A failure is for whoever asks for it.
  answer.catch(() => undefined)
  ahead.set(path, answer)
}

function takeAhead(path: string): Promise<Response> | undefined {
  const answer = ahead.get(path)
  ahead.delete(path)
  return answer
}

async function fetchAnswer(path: string, init: RequestInit): Promise<Response> {
  for (;;) {
    waiting.add(init)
    await gate
    waiting.delete(init)
    init.signal?.throwIfAborted()
    const token = currentToken()
    const headers = new Headers(init.headers)
    if (token !== undefined) headers.set('Authorization', `Bearer ${token}`)
    const response = await fetch(API + path, { ...init, headers }).catch((error: unknown) => {
      init.signal?.throwIfAborted()
      if (!(error instanceof TypeError)) throw error
      return undefined
    })
    if (await isAnswered(response, token)) {
      if (response?.ok) {
        newestVersion = versionOf(response)
        return response
      }
      throw new RequestError(await envelopeOf(response))
    }
  }
}

/** Whether the service has dealt with a request; if not, the gate is closed until asking again makes sense. */
async function isAnswered(response: Response | undefined, token: string | undefined): Promise<boolean> {
  if (response === undefined || isGateway(response.status)) {
    waitForService()
    return false
  }
  failures = 0
  if (response.status === 401) {
    // Another request may have found that out, and a person answered since.
    if (token !== currentToken()) return false
    const { detail } = await envelopeOf(response)
    dropToken()
    closeGate({ kind: 'signed-out', refused: token === undefined ? undefined : detail })
    return false
  }
  if (response.status === 429) {
    const waitMs = 1_000 * (Number(response.headers.get('Retry-After')) || USUAL_WAIT_S)
    closeGate({ kind: 'limited', until: Date.now() + waitMs }, waitMs)
    return false
  }
  // Where the gate is closed, others wait for what was found out before this answer came.
  if (openGate === undefined && connection.kind !== 'fine') setConnection({ kind: 'fine' })
  return true
}

function waitForService(): void {
  const delay = RETRY_DELAYS_MS[Math.min(failures, RETRY_DELAYS_MS.length - 1)] ?? 0
  if (openGate === undefined) failures++
  closeGate({ kind: 'gone' }, delay)
}

/** A proxy's way to say that there is no service behind it. */
function isGateway(status: number): boolean {
  return status === 502 || status === 503 || status === 504
}

/** Without a delay until someone signs in. */
function closeGate(reason: Connection, delayMs?: number): void {
  // Then it opens for a person, whatever becomes of requests that are still under way.
  if (openGate !== undefined && connection.kind === 'signed-out') return
  setConnection(reason)
  clearTimeout(gateTimer)
  gateTimer = delayMs === undefined ? undefined : setTimeout(() => openGate?.(), delayMs)
  if (openGate !== undefined) return
  const { promise, resolve } = Promise.withResolvers<void>()
  gate = promise
  openGate = () => {
    openGate = undefined
    // Otherwise the answer to one of them tells how things stand.
    if ([...waiting].every(({ signal }) => signal?.aborted)) setConnection({ kind: 'fine' })
    resolve()
  }
}

function setConnection(next: Connection): void {
  connection = next
  for (const listener of listeners) listener(next)
}

/** Of the dataset that an answer is of. */
export function versionOf({ headers }: { headers: Headers }): string | null {
  return headers.get('X-Dataset-Version')
}

async function envelopeOf(response: Response | undefined): Promise<Envelope> {
  const unread = { code: response?.status ?? 0, detail: 'The service failed', type: '' }
  return response === undefined ? unread : ((await response.json().catch(() => unread)) as Envelope)
}
