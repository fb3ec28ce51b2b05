import type { Database } from '../db/open.ts'

/** Of more entries nothing is read: with three keys each, 0.3 µs a key, that would keep the first search waiting. */
const MAX_ENTRIES = 20_000
/** A power of two, large enough that few of the keys share a bit. */
const FILTER_BITS = 2 ** 19

/** Whether some entry may have a key: false is sure, true is not. */
export type KeyFilter = (key: string) => boolean

/**
 * Spares most searches the look for entries that equal the whole query, a twentieth of what they take: what is typed seldom equals
 * any. For one state of a catalog of that many entries; the keys are read when it is first asked.
 */
export function keyFilter(db: Database, entries: number): KeyFilter {
  if (entries > MAX_ENTRIES) return () => true
  let bits: Uint8Array | undefined
  return (key) => {
    bits ??= readKeys(db)
    const place = placeOf(key)
    return ((bits[place >>> 3] ?? 0) & (1 << (place & 7))) !== 0
  }
}

function readKeys(db: Database): Uint8Array {
  const keys = db.prepare<[], string>('SELECT key FROM entry_key').pluck().iterate()
  const bits = new Uint8Array(FILTER_BITS / 8)
  for (const key of keys) {
    const place = placeOf(key)
    bits[place >>> 3] = (bits[place >>> 3] ?? 0) | (1 << (place & 7))
  }
  return bits
}

/** By FNV-1a over the code units. */
function placeOf(key: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  return (hash ^ (hash >>> 15)) & (FILTER_BITS - 1)
}
