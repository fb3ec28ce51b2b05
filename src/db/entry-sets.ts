/**
 * Sets of entries: one bit each, bit N for the entry with row id N. Filters and terms meet in a few hundred machine words
 * where SQL would visit rows (docs/decisions/004-sets-of-entries.md).
 */
export type EntrySet = Uint32Array<ArrayBuffer>

/**
 * The sets an ingest stores, by what their members have in common: a provider, a capability, whether the weights are open
 * (1 or 0), a family, a status, what goes in and what comes out, a text of one or two characters anywhere in the searched
 * texts, one of them where a run starts, and a run (see search-text.ts). Words stand in lower case. Of `offer` it is the model, and
 * how that is known; a `model_name` is what a model is called, without its lab, and holds the first entry of each model
 * that is called so (see spellings.ts).
 */
export type StoredSet =
  | 'provider'
  | 'capability'
  | 'open_weights'
  | 'family'
  | 'status'
  | 'input_modality'
  | 'output_modality'
  | 'substring'
  | 'start'
  | 'run'
  | 'offer'
  | 'model_name'

/** The status that stands for none: of a model in service. */
export const NO_STATUS = 'none'

/** The numbers of entries that ranges compare. */
export const NUMBER_COLUMNS = ['context', 'price'] as const
export type NumberColumn = (typeof NUMBER_COLUMNS)[number]

/** The orders of all entries that an ingest stores: the tie (provider, then model ID), the name, the release date. */
export type StoredOrder = 'id' | 'name' | 'newest'

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

export function removeEntry(set: EntrySet, id: number): void {
  set[id >>> 5] = (set[id >>> 5] ?? 0) & ~(1 << (id & 31))
}

export function hasEntry(set: EntrySet, id: number): boolean {
  return ((set[id >>> 5] ?? 0) & (1 << (id & 31))) !== 0
}

/** Leaves what both have. */
export function intersect(set: EntrySet, other: EntrySet): void {
  for (let word = 0; word < set.length; word++) set[word] = (set[word] ?? 0) & (other[word] ?? 0)
}

/** Adds what the other has. */
export function unite(set: EntrySet, other: EntrySet): void {
  for (let word = 0; word < set.length; word++) set[word] = (set[word] ?? 0) | (other[word] ?? 0)
}

/** The entries' row ids, ascending. */
export function idsIn(set: EntrySet): number[] {
  const ids: number[] = []
  for (let word = 0; word < set.length; word++) {
    for (let here = set[word] ?? 0; here !== 0; here &= here - 1) {
      ids.push(word * BITS_A_WORD + placeOf(here & -here))
    }
  }
  return ids
}

/** Which bit it is, for a word with one of them. */
export function placeOf(bit: number): number {
  return BITS_A_WORD - 1 - Math.clz32(bit)
}

/** The stored form of a set: its bits, or its row ids where those take less room. Little-endian, as every machine served. */
export function packed(members: EntrySet | readonly number[]): Buffer {
  const words = members instanceof Uint32Array ? members : Uint32Array.from(members)
  return Buffer.from(words.buffer, words.byteOffset, words.byteLength)
}

/** Adds what `packed` wrote for a catalog of as many entries: a list of row ids is always shorter than the bits. */
export function addPacked(set: EntrySet, stored: Uint8Array): void {
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength)
  const isBits = stored.byteLength === set.byteLength
  for (let at = 0; at < stored.byteLength; at += BYTES_A_WORD) {
    const word = view.getUint32(at, true)
    if (isBits) set[at / BYTES_A_WORD] = (set[at / BYTES_A_WORD] ?? 0) | word
    else addEntry(set, word)
  }
}

/** The row ids in what `packed` wrote for a catalog of so many entries, ascending. */
export function unpackedIds(stored: Uint8Array, entries: number): number[] {
  const set = entrySet(entries)
  addPacked(set, stored)
  return idsIn(set)
}

/** The stored form of what several together hold, for a catalog of so many entries; ids ascend from one to the next. */
export function mergedMembers(parts: readonly Buffer[], entries: number): Buffer {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const list = Buffer.concat(parts)
  if (list.byteLength < wordsFor(entries) * BYTES_A_WORD) return list
  const set = entrySet(entries)
  for (const part of parts) addPacked(set, part)
  return packed(set)
}
