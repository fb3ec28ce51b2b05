import { readFile, stat } from 'node:fs/promises'
import { AppError } from '../errors.ts'
import { type Content, inFile, inMemory, MAX_WHOLE_BYTES } from './content.ts'

/** The name of the catalog that comes with the program. */
const SEED = 'seed'

/** Longest a URL may take to answer whole, in ms. */
const FETCH_TIMEOUT_MS = 60_000
/** Largest answer of a URL, in bytes of text. */
const MAX_FETCH_BYTES = 256 * 1024 * 1024

/** `seed/` stands two folders up from here in a checkout, and from the bundle in the package. */
const SEED_FOLDER = new URL('../../seed/', import.meta.url)

export interface LoadedSource {
  /** To be closed by whoever asked for it. */
  content: Content
  /** What was read, as shown to people: `seed`, a path, or a URL without its credentials. */
  source: string
}

/**
 * Reads a catalog from the seed, a file, or an http(s) URL.
 * @throws AppError `invalid`, `bad_gateway` or `gateway_timeout`, naming the source
 */
export async function loadSource(from: string): Promise<LoadedSource> {
  if (from === SEED) return { content: await readContent(new URL('catalog.json', SEED_FOLDER)), source: SEED }
  if (/^https?:\/\//i.test(from)) return fetchSource(from)
  return { content: await readContent(from), source: from }
}

/** The text of a file that comes with the program in `seed/`. */
export function readSeed(name: 'featured.json' | 'parties.json'): Promise<string> {
  return reading(() => readFile(new URL(name, SEED_FOLDER), 'utf8'))
}

async function readContent(file: string | URL): Promise<Content> {
  return reading(async () =>
    (await stat(file)).size > MAX_WHOLE_BYTES ? inFile(file) : inMemory(await readFile(file)),
  )
}

async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    throw new AppError('invalid', `cannot read the source: ${messageOf(cause)}`, { cause })
  }
}

async function fetchSource(from: string): Promise<LoadedSource> {
  const { url, source, headers } = readUrl(from)
  try {
    const response = await fetch(url, {
      headers,
      signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    })
    if (!response.ok) throw new AppError('bad_gateway', `${source} answered ${response.status}`)
    return { content: inMemory(await readCapped(response, source)), source }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    if (cause instanceof Error && cause.name === 'TimeoutError') {
      throw new AppError('gateway_timeout', `${source} did not answer within ${FETCH_TIMEOUT_MS} ms`, {
        cause,
      })
    }
    throw new AppError('bad_gateway', `cannot fetch ${source}: ${reasonOf(cause)}`, { cause })
  }
}

async function readCapped(response: Response, source: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MAX_FETCH_BYTES) {
      throw new AppError('bad_gateway', `${source} sent more than ${MAX_FETCH_BYTES} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** `fetch` takes no credentials in a URL, and nobody is to see them, or a key in the query. */
function readUrl(from: string): { url: URL; source: string; headers: Record<string, string> } {
  if (!URL.canParse(from)) throw new AppError('invalid', `${JSON.stringify(from)} is no URL`)
  const url = new URL(from)
  const headers: Record<string, string> = { accept: 'application/json' }
  if (url.username !== '' || url.password !== '') {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
    url.username = ''
    url.password = ''
  }
  return { url, source: url.origin + url.pathname, headers }
}

/** `fetch` hides what went wrong behind "fetch failed"; the reason is its cause. */
function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? messageOf(error.cause) : messageOf(error)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
