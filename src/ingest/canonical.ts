import { createHash, hash } from 'node:crypto'
import type { Upstream, UpstreamProvider } from '../source/upstream.ts'
import { DIGEST_BYTES, type Digests, DigestTable } from './digests.ts'

/** What tells one catalog from another, and one state of a model from another. */
export interface Fingerprint {
  /** SHA-256 of the canonical JSON of all that was loaded: its order, blanks, source and time play no part. */
  version: string
  /** The beginning of the SHA-256 of each model's canonical JSON. */
  digests: Digests
}

/** @throws RangeError when a number in it is infinite */
export function fingerprintOf({ providers, whole }: Pick<Upstream, 'providers' | 'whole'>): Fingerprint {
  const digests = new DigestTable()
  const sha256 = createHash('sha256')
  const hashModels = (provider: string, models: UpstreamProvider['models']) => {
    const inOrder = models.toSorted(([a], [b]) => (a < b ? -1 : 1))
    const bytes = Buffer.alloc(inOrder.length * DIGEST_BYTES)
    let before = '{'
    for (const [place, [modelId, model]] of inOrder.entries()) {
      const text = canonicalJson(whole(model))
      sha256Of(text).copy(bytes, place * DIGEST_BYTES, 0, DIGEST_BYTES)
      sha256.update(`${before}${JSON.stringify(modelId)}:${text}`)
      before = ','
    }
    sha256.update(before === ',' ? '}' : '{}')
    digests.add(
      provider,
      inOrder.map(([modelId]) => modelId),
      bytes,
    )
  }
  let before = '{'
  for (const { id, head, models } of providers.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    sha256.update(`${before}${JSON.stringify(id)}:`)
    before = '{'
    for (const key of [...Object.keys(head), 'models'].sort()) {
      sha256.update(`${before}${JSON.stringify(key)}:`)
      if (key === 'models') hashModels(id, models)
      else sha256.update(canonicalJson(head[key]))
      before = ','
    }
    sha256.update('}')
  }
  return { version: sha256.update(before === ',' ? '}' : '{}').digest('hex'), digests }
}

/** A model's digest. */
export function modelDigest(model: unknown): string {
  return sha256Of(canonicalJson(model)).toString('base64url', 0, DIGEST_BYTES)
}

function sha256Of(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}

/**
 * The version of a catalog from its whole JSON value: what {@link fingerprintOf} says where nothing is set aside.
 * Undefined when it has none, since a number in it is infinite.
 */
export function versionOf(catalog: Record<string, unknown>): string | undefined {
  const sha256 = createHash('sha256')
  try {
    let before = '{'
    for (const id of Object.keys(catalog).sort()) {
      sha256.update(`${before}${JSON.stringify(id)}:${canonicalJson(catalog[id])}`)
      before = ','
    }
    return sha256.update(before === ',' ? '}' : '{}').digest('hex')
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return undefined
  }
}

/**
 * Canonical JSON as RFC 8785 writes it: keys sorted by UTF-16 code unit, no blanks, numbers as ECMAScript prints them.
 * @throws RangeError for a number that JSON cannot write
 */
export function canonicalJson(value: unknown): string {
  const sorted = inKeyOrder(value)
  return sorted === undefined ? writeByMembers(value) : JSON.stringify(sorted)
}

/**
 * The same value with its objects' keys in order, for `JSON.stringify` to write; undefined where no object keeps that. Plain
 * loops: compiling anything shorter takes longer than the whole catalog.
 */
function inKeyOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('a number is out of range')
    return value
  }
  return Array.isArray(value) ? listInKeyOrder(value) : objectInKeyOrder(value as Record<string, unknown>)
}

function listInKeyOrder(list: readonly unknown[]): unknown[] | undefined {
  const items: unknown[] = []
  for (let place = 0; place < list.length; place++) {
    const item = inKeyOrder(list[place])
    if (item === undefined) return undefined
    items.push(item)
  }
  return items
}

function objectInKeyOrder(object: Record<string, unknown>): Record<string, unknown> | undefined {
  const keys = sortedKeys(Object.keys(object))
  if (keys === undefined) return undefined
  const sorted: Record<string, unknown> = {}
  for (let place = 0; place < keys.length; place++) {
    const key = keys[place] ?? ''
    const member = inKeyOrder(object[key])
    if (member === undefined) return undefined
    sorted[key] = member
  }
  return sorted
}

/** The same text, member by member. */
function writeByMembers(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(inKeyOrder(value))
  if (Array.isArray(value)) return `[${value.map(writeByMembers).join(',')}]`
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${writeByMembers(member)}`).join(',')}}`
}

/** Keys that an object does not keep in the order in which they were set: numbers stand first, and one sets no member. */
const UNORDERED = /^(?:\d+|__proto__)$/

/** Keys as they came, and sorted; undefined where no object keeps them so. */
interface KeyOrder {
  keys: readonly string[]
  sorted: readonly string[] | undefined
}

/** Objects of more keys are maps rather than of a shape. */
const MAX_SHAPE_KEYS = 64
/** How many orders of equally many keys are kept; the real catalog has a few dozen. */
const MAX_KEY_ORDERS = 64
/** By number of keys; an order moves a place ahead each time it is met. */
const keyOrders: KeyOrder[][] = Array.from({ length: MAX_SHAPE_KEYS + 1 }, () => [])

/** Sorting is for orders of keys not seen lately. */
function sortedKeys(keys: readonly string[]): readonly string[] | undefined {
  const orders = keyOrders[keys.length]
  if (orders === undefined) return sortKeys(keys)
  for (let place = 0; place < orders.length; place++) {
    const order = orders[place]
    if (order === undefined || !isSameOrder(order.keys, keys)) continue
    const ahead = orders[place - 1]
    if (ahead !== undefined) {
      orders[place] = ahead
      orders[place - 1] = order
    }
    return order.sorted
  }
  const sorted = sortKeys(keys)
  if (orders.length === MAX_KEY_ORDERS) orders.pop()
  orders.push({ keys, sorted })
  return sorted
}

/** Of two lists as long as each other. */
function isSameOrder(known: readonly string[], keys: readonly string[]): boolean {
  for (let place = 0; place < known.length; place++) if (known[place] !== keys[place]) return false
  return true
}

function sortKeys(keys: readonly string[]): readonly string[] | undefined {
  return keys.some((key) => UNORDERED.test(key)) ? undefined : keys.toSorted()
}
