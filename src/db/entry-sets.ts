/**
 * Sets of entries: one bit each, bit N for the entry with row id N. Filters and terms meet in a few hundred machine words
 * where SQL would visit rows (docs/decisions/004-sets-of-entries.md).
 */
export type EntrySet = Uint32Array<ArrayBuffer>

/**
 * The sets an ingest stores, by what their members have in common: the provider (in lower case), a capability, whether
 * the weights are open (1 or 0), a text of one or two characters anywhere in the searched texts, and one of them where a
 * run starts (see search-text.ts).
 */
export type StoredSet = 'provider' | 'capability' | 'open_weights' | 'substring' | 'start'

/** The numbers of entries that ranges compare. */
export const NUMBER_COLUMNS = ['context', 'price'] as const
export type NumberColumn = (typeof NUMBER_COLUMNS)[number]

export const BITS_A_WORD = 32
const BYTES_A_WORD = 4

/** An empty set for a catalog of that many entries, whose row ids count from 1. */
export function entrySet(entries: number): EntrySet {
  return new Uint32Array(wordsFor(entries))
}

/** How many words a set takes, the unused bit 0 included. */
export function wordsFor(entries: number): number {
  return Math.floor(entries / BITS_A_WORD) + 1
}

export function addEntry(set: EntrySet, id: number): void {
  const word = id >>> 5
  set[word] = (set[word] ?? 0) | (1 << (id & 31))
}

/** The stored form of a set: its bits, or its row ids where those take less room. Little-endian, as every machine served. */
export function packed(members: EntrySet | readonly number[]): Buffer {
  const words = members instanceof Uint32Array ? members : Uint32Array.from(members)
  return Buffer.from(words.buffer, words.byteOffset, words.byteLength)
}

/** Reads what `packed` wrote for a catalog of that many entries: a list of row ids is always shorter than the bits. */
export function unpacked(stored: Uint8Array, entries: number): EntrySet {
  const set = entrySet(entries)
  if (stored.byteLength === set.byteLength) {
    new Uint8Array(set.buffer).set(stored)
    return set
  }
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength)
  for (let at = 0; at < stored.byteLength; at += BYTES_A_WORD) addEntry(set, view.getUint32(at, true))
  return set
}
