/**
 * Keeps bytes by row id in one piece of memory, which is written round and round: what was put there longest ago is forgotten
 * first. However much is kept, it is nothing for the collector to go through.
 */
export interface ByteRing {
  /** What is longer than all the memory is not kept, nor what was kept in its place. */
  put(id: number, bytes: Uint8Array): void
  /** How many bytes are kept for an id; undefined: none are. */
  lengthOf(id: number): number | undefined
  /** Copies what is kept for an id into `target`, from `at` on. */
  copy(id: number, target: Buffer, at: number): void
}

/** No row's id. */
const NOBODY = 0

/** @param places for how many ids at most; of those that share one, the latest is kept */
export function byteRing(capacity: number, places: number): ByteRing {
  const memory = Buffer.allocUnsafeSlow(capacity)
  const ids = new Uint32Array(places)
  const lengths = new Uint32Array(places)
  /** Counted on from the first byte ever put: so they show what has been written over since. */
  const starts = new Float64Array(places)
  let end = 0
  return {
    put(id, bytes) {
      const { length } = bytes
      const place = id % places
      if (length > capacity) {
        ids[place] = NOBODY
        return
      }
      // Nothing is kept in two parts.
      const left = capacity - (end % capacity)
      if (length > left) end += left
      memory.set(bytes, end % capacity)
      ids[place] = id
      lengths[place] = length
      starts[place] = end
      end += length
    },
    lengthOf(id) {
      const place = id % places
      const isKept = ids[place] === id && (starts[place] ?? 0) >= end - capacity
      return isKept ? lengths[place] : undefined
    },
    copy(id, target, at) {
      const place = id % places
      const from = (starts[place] ?? 0) % capacity
      memory.copy(target, at, from, from + (lengths[place] ?? 0))
    },
  }
}
