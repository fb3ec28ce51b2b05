import { hash } from 'node:crypto'

/** How much of an entry's SHA-256 goes into a list's, in words of 32 bits. */
const SUM_WORDS = 4
/** How many entries there is room for at first. */
const FIRST_ENTRIES = 128

/**
 * Hashes lists by their entries' hashes. Those are kept by row id, so that a list of entries that were listed lately is hashed in a
 * tenth of the time that its bytes would take.
 */
export interface ListDigests {
  /** Hashes an entry's JSON. */
  learn(id: number, json: Uint8Array): void
  /** Begins a list, whatever became of the one before. */
  begin(): void
  /** Adds the next entry, which must have been learnt, and no other in its place since. */
  add(id: number): void
  /** A SHA-256 in base64url of the entries added, and of the total. */
  end(total: number): string
}

/** @param places for how many ids at most; of those that share one, the latest is kept */
export function listDigests(places: number): ListDigests {
  const sums = new Int32Array(SUM_WORDS * places)
  let list = new Int32Array(SUM_WORDS * FIRST_ENTRIES)
  let added = 0
  const makeRoom = () => {
    const before = list
    list = new Int32Array(2 * before.length)
    list.set(before)
  }
  return {
    learn(id, json) {
      // As a text of bytes, which takes less than half as long as a buffer of its own.
      const sum = hash('sha256', json, 'binary')
      const place = SUM_WORDS * (id % places)
      for (let word = 0; word < SUM_WORDS; word++) sums[place + word] = wordOf(sum, 4 * word)
    },
    begin() {
      added = 0
    },
    add(id) {
      // The total comes behind them.
      if (added + SUM_WORDS >= list.length) makeRoom()
      const place = SUM_WORDS * (id % places)
      for (let word = 0; word < SUM_WORDS; word++) list[added++] = sums[place + word] ?? 0
    },
    end(total) {
      list[added] = total
      const bytes = new Uint8Array(list.buffer, 0, list.BYTES_PER_ELEMENT * (added + 1))
      return hash('sha256', bytes, 'base64url')
    },
  }
}

function wordOf(bytes: string, at: number): number {
  const byte = (place: number) => bytes.charCodeAt(at + place) << (8 * place)
  return byte(0) | byte(1) | byte(2) | byte(3)
}
