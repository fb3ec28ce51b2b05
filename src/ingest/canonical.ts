import { createHash, type Hash, hash } from 'node:crypto'
import type { Upstream, UpstreamProvider } from '../source/upstream.ts'

/** How much of its SHA-256 is a model's digest, in bytes. */
const DIGEST_BYTES = 16

/** What tells one catalog from another, and one state of a model from another. */
export interface Fingerprint {
  /** SHA-256 of the canonical JSON of all that was loaded: its order, blanks, source and time play no part. */
  version: string
  /** The beginning of the SHA-256 of each model's canonical JSON, by model id. */
  digests: Map<string, string>
}

/** @throws RangeError when a number in it is infinite */
export function fingerprintOf({ providers, whole }: Pick<Upstream, 'providers' | 'whole'>): Fingerprint {
  const digests = new Map<string, string>()
  const sha256 = createHash('sha256')
  const hashModels = (provider: string, models: UpstreamProvider['models']) => {
    let before = '{'
    for (const [modelId, model] of models.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const text = canonicalBytes(whole(model))
      digests.set(`${provider}/${modelId}`, digestOfBytes(text))
      sha256.update(`${before}${JSON.stringify(modelId)}:`)
      sha256.update(text)
      before = ','
    }
    sha256.update(before === ',' ? '}' : '{}')
  }
  let before = '{'
  for (const { id, head, models } of providers.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    sha256.update(`${before}${JSON.stringify(id)}:`)
    before = '{'
    for (const key of [...Object.keys(head), 'models'].sort()) {
      sha256.update(`${before}${JSON.stringify(key)}:`)
      if (key === 'models') hashModels(id, models)
      else sha256.update(canonicalBytes(head[key]))
      before = ','
    }
    sha256.update('}')
  }
  return { version: sha256.update(before === ',' ? '}' : '{}').digest('hex'), digests }
}

/** A model's digest. */
export function modelDigest(model: unknown): string {
  return digestOfBytes(canonicalBytes(model))
}

function digestOfBytes(bytes: Buffer): string {
  return hash('sha256', bytes, 'buffer').toString('base64url', 0, DIGEST_BYTES)
}

/**
 * The version of a catalog from its whole JSON value: what {@link fingerprintOf} says where nothing is set aside.
 * Undefined when it has none, since a number in it is infinite.
 */
export function versionOf(catalog: unknown): string | undefined {
  sink = createHash('sha256')
  try {
    const end = write(catalog, 0)
    return sink.update(page.subarray(0, end)).digest('hex')
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return undefined
  } finally {
    sink = undefined
  }
}

/**
 * Canonical JSON as RFC 8785 writes it: keys sorted by UTF-16 code unit, no blanks, numbers as ECMAScript prints them.
 * @throws RangeError for a number that JSON cannot write
 */
export function canonicalJson(value: unknown): string {
  return canonicalBytes(value).toString()
}

/** Canonical JSON in UTF-8; it stands there until the next is made. */
function canonicalBytes(value: unknown): Buffer {
  const end = write(value, 0)
  return page.subarray(0, end)
}

/** Canonical JSON is written here, as bytes: hashes are made of most of it. */
let page = Buffer.allocUnsafe(64 * 1024)
/** Takes what is written when the page is full; without it the page grows. */
let sink: Hash | undefined

/** Most bytes of UTF-8 that one UTF-16 code unit takes in JSON: an escape such as `\u001f`. */
const MAX_UNIT_BYTES = 6
/** Most bytes that a number takes, or a word, a bracket or a comma. */
const MAX_TOKEN_BYTES = 32
const [QUOTE, COMMA, BACKSLASH, FIRST_PRINTED, LAST_ASCII] = [0x22, 0x2c, 0x5c, 0x20, 0x7e]
const [LIST_BEGIN, LIST_END, OBJECT_BEGIN, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d]

/** Writes a value from `at` on. @returns where it ends */
function write(value: unknown, at: number): number {
  if (typeof value === 'string') return writeText(value, at)
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('a number is out of range')
  if (typeof value !== 'object' || value === null) return writeToken(String(value), at)
  return Array.isArray(value) ? writeList(value, at) : writeObject(value as Record<string, unknown>, at)
}

function writeList(items: readonly unknown[], at: number): number {
  let end = withRoom(at, MAX_TOKEN_BYTES)
  page[end++] = LIST_BEGIN
  for (let place = 0; place < items.length; place++) {
    end = withRoom(end, MAX_TOKEN_BYTES)
    if (place > 0) page[end++] = COMMA
    end = write(items[place], end)
  }
  end = withRoom(end, MAX_TOKEN_BYTES)
  page[end++] = LIST_END
  return end
}

function writeObject(object: Record<string, unknown>, at: number): number {
  let end = withRoom(at, MAX_TOKEN_BYTES)
  page[end++] = OBJECT_BEGIN
  for (const { key, name } of membersOf(Object.keys(object))) {
    end = withRoom(end, name.length)
    const to = page
    for (let index = 0; index < name.length; index++) to[end++] = name[index] ?? 0
    end = write(object[key], end)
  }
  end = withRoom(end, MAX_TOKEN_BYTES)
  page[end++] = OBJECT_END
  return end
}

function writeText(text: string, at: number): number {
  const start = withRoom(at, text.length * MAX_UNIT_BYTES + MAX_TOKEN_BYTES)
  const to = page
  let end = start
  to[end++] = QUOTE
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    const isPlain = unit >= FIRST_PRINTED && unit <= LAST_ASCII && unit !== QUOTE && unit !== BACKSLASH
    if (!isPlain) return start + to.write(JSON.stringify(text), start)
    to[end++] = unit
  }
  to[end++] = QUOTE
  return end
}

function writeToken(token: string, at: number): number {
  let end = withRoom(at, MAX_TOKEN_BYTES)
  for (let index = 0; index < token.length; index++) page[end++] = token.charCodeAt(index)
  return end
}

/** @returns where to write on, so that there is room for so many bytes */
function withRoom(at: number, bytes: number): number {
  if (at + bytes <= page.length) return at
  sink?.update(page.subarray(0, at))
  const kept = sink === undefined ? at : 0
  if (kept + bytes > page.length) {
    const larger = Buffer.allocUnsafe(2 * (kept + bytes))
    page.copy(larger, 0, 0, kept)
    page = larger
  }
  return kept
}

/** A key, and how it is written in front of its value: `"key":`, with a comma from the second member on. */
interface Member {
  key: string
  name: Buffer
}

/** The members of an object whose keys came in this order. */
interface KeyOrder {
  keys: readonly string[]
  members: readonly Member[]
}

/** Objects of more keys are maps rather than of a shape. */
const MAX_SHAPE_KEYS = 64
/** How many orders of equally many keys are kept; the real catalog has a few dozen. */
const MAX_KEY_ORDERS = 64
/** By number of keys, the last one used first: models alike mostly stand together. */
const keyOrders: KeyOrder[][] = Array.from({ length: MAX_SHAPE_KEYS + 1 }, () => [])

/** An object's members as they are to be written. Sorting is for orders of keys not seen lately. */
function membersOf(keys: readonly string[]): readonly Member[] {
  const orders = keyOrders[keys.length]
  if (orders === undefined) return sortedMembers(keys)
  const known = orders.findIndex((order) => order.keys.every((key, place) => key === keys[place]))
  if (known === 0) return orders[0]?.members ?? []
  const order = orders[known] ?? { keys, members: sortedMembers(keys) }
  if (known > 0) orders.splice(known, 1)
  else if (orders.length === MAX_KEY_ORDERS) orders.pop()
  orders.unshift(order)
  return order.members
}

function sortedMembers(keys: readonly string[]): Member[] {
  return keys
    .toSorted()
    .map((key, place) => ({ key, name: Buffer.from(`${place > 0 ? ',' : ''}${JSON.stringify(key)}:`) }))
}
