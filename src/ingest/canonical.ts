import { createHash, hash } from 'node:crypto'
import type { UpstreamProvider } from '../source/upstream.ts'

/** Length of a model's digest in hex digits: 128 bits. */
const DIGEST_LENGTH = 32

/** What tells one catalog from another, and one state of a model from another. */
export interface Fingerprint {
  /** SHA-256 of the canonical JSON of all that was loaded: its order, blanks, source and time play no part. */
  version: string
  /** The beginning of the SHA-256 of each model's canonical JSON, by model id. */
  digests: Map<string, string>
}

/** @throws RangeError when a number in it is infinite */
export function fingerprintOf(providers: readonly UpstreamProvider[]): Fingerprint {
  const digests = new Map<string, string>()
  const sha256 = createHash('sha256')
  let before = '{'
  for (const { id, head, models } of providers.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const texts = new Map<string, string>()
    for (const [modelId, model] of models) {
      const text = canonicalJson(model)
      texts.set(modelId, text)
      digests.set(`${id}/${modelId}`, hash('sha256', text).slice(0, DIGEST_LENGTH))
    }
    const members = new Map(Object.entries(head).map(([key, member]) => [key, canonicalJson(member)]))
    members.set('models', canonicalObject(texts))
    sha256.update(`${before}${JSON.stringify(id)}:${canonicalObject(members)}`)
    before = ','
  }
  return { version: sha256.update('}').digest('hex'), digests }
}

/**
 * Canonical JSON as RFC 8785 writes it: keys sorted by UTF-16 code unit, no blanks, numbers as ECMAScript prints them.
 * @throws RangeError for a number that JSON cannot write
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('a number is out of range')
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  let text = ''
  if (Array.isArray(value)) {
    for (const item of value) text += text === '' ? canonicalJson(item) : `,${canonicalJson(item)}`
    return `[${text}]`
  }
  const members = value as Record<string, unknown>
  for (const key of Object.keys(members).sort()) {
    const member = `${quoted(key)}:${canonicalJson(members[key])}`
    text += text === '' ? member : `,${member}`
  }
  return `{${text}}`
}

/** The names of fields, quoted once: the same few dozen come half a million times. */
const quotedKeys = new Map<string, string>()
const MAX_QUOTED_KEYS = 1_000

function quoted(key: string): string {
  let text = quotedKeys.get(key)
  if (text === undefined) {
    text = JSON.stringify(key)
    if (quotedKeys.size < MAX_QUOTED_KEYS) quotedKeys.set(key, text)
  }
  return text
}

/** An object's canonical JSON from that of its members. */
function canonicalObject(members: ReadonlyMap<string, string>): string {
  const keys = [...members.keys()].sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${members.get(key)}`).join(',')}}`
}
