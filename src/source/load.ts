import { readFile, stat } from 'node:fs/promises'
import { AppError } from '../errors.ts'
import { readProgramFile } from '../program/files.ts'
import { isUrl, readAddress } from './address.ts'
import { type Content, inFile, inMemory, MAX_WHOLE_BYTES } from './content.ts'
import { FETCH_LIMITS, type FetchLimits, fetchCatalog, type Validators } from './fetch.ts'

/** The name of the catalog that comes with the program. */
export const SEED = 'seed'

export interface LoadedSource {
  /** To be closed by whoever asked for it. */
  content: Content
  /** What was read, as shown to people: `seed`, a path, or a URL without its credentials. */
  source: string
  /** Of a URL's answer, where it had any. */
  validators?: Validators | undefined
}

export interface LoadOptions {
  /** What the last answer of this very URL called its state. */
  known?: Validators | undefined
  limits?: FetchLimits | undefined
}

/**
 * Reads a catalog from the seed, a file, or an http(s) URL.
 * @returns undefined when a URL says that it is in the `known` state still
 * @throws AppError `bad_gateway` or `gateway_timeout`, naming the source
 */
export async function loadSource(from: string): Promise<LoadedSource>
export async function loadSource(from: string, options: LoadOptions): Promise<LoadedSource | undefined>
export async function loadSource(from: string, options: LoadOptions = {}): Promise<LoadedSource | undefined> {
  if (from === SEED) return { content: inMemory(await readSeedFile('catalog.json')), source: SEED }
  if (isUrl(from)) return fetchSource(from, options)
  return { content: await readContent(from), source: from }
}

/** A source as people are shown it. */
export function shownSource(from: string): string {
  return isUrl(from) ? readAddress(from).shown : from
}

/** The text of a file that comes with the program in `seed/`. */
export async function readSeed(name: 'featured.json' | 'history.json' | 'parties.json'): Promise<string> {
  return (await readSeedFile(name)).toString()
}

function readSeedFile(name: string): Promise<Buffer> {
  return reading(async () => readProgramFile(`seed/${name}`))
}

async function readContent(file: string): Promise<Content> {
  return reading(async () =>
    (await stat(file)).size > MAX_WHOLE_BYTES ? inFile(file) : inMemory(await readFile(file)),
  )
}

async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('bad_gateway', `cannot read the source: ${reason}`, { cause })
  }
}

async function fetchSource(from: string, { known, limits }: LoadOptions): Promise<LoadedSource | undefined> {
  const address = readAddress(from)
  const answer = await fetchCatalog(address, known, limits ?? FETCH_LIMITS)
  if (answer === undefined) return undefined
  const chunks: Buffer[] = []
  for await (const chunk of answer.body) chunks.push(chunk)
  return {
    content: inMemory(Buffer.concat(chunks)),
    source: address.shown,
    validators: answer.validators,
  }
}
