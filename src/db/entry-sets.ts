/**
 * Sets of entries: one bit each, bit N for the entry with row id N. Filters and terms meet in a few hundred machine words
 * where SQL would visit rows (docs/decisions/004-sets-of-entries.md).
 */
export type EntrySet = Uint32Array<ArrayBuffer>

/**
 * A set that does not change, as it is stored: row ids, ascending, or the bits where they are no more words than those. So
 * what few entries have in common is little to keep and to look at, however large the catalog.
 */
export type Members = Uint32Array

export const NOBODY: Members = new Uint32Array(0)

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

export function hasEntry(set: Members, id: number): boolean {
  return ((set[id >>> 5] ?? 0) & (1 << (id & 31))) !== 0
}

/** Leaves what both have. */
export function intersect(set: EntrySet, other: Members): void {
  for (let word = 0; word < set.length; word++) set[word] = (set[word] ?? 0) & (other[word] ?? 0)
}

/** Adds what the other has. */
function unite(set: EntrySet, other: Members): void {
  for (let word = 0; word < set.length; word++) set[word] = (set[word] ?? 0) | (other[word] ?? 0)
}

/** The entries' row ids, ascending. */
export function idsIn(set: Members): number[] {
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

/** The lowest row id; undefined where a set is empty. */
export function firstIn(set: EntrySet): number | undefined {
  for (let word = 0; word < set.length; word++) {
    const bits = set[word] ?? 0
    if (bits !== 0) return word * BITS_A_WORD + placeOf(bits & -bits)
  }
  return undefined
}

/** How many entries are in a set. */
export function count(set: Members): number {
  let total = 0
  for (let word = 0; word < set.length; word++) total += bitsIn(set[word] ?? 0)
  return total
}

/** How many entries are in both. */
export function countShared(set: EntrySet, other: Members): number {
  let total = 0
  for (let word = 0; word < set.length; word++) total += bitsIn((set[word] ?? 0) & (other[word] ?? 0))
  return total
}

/** Adds neighbouring bits, then pairs, then fours; the multiplication adds the bytes. */
function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Leaves what both have. */
export function keepMembers(set: EntrySet, members: Members): void {
  if (members.length === set.length) {
    intersect(set, members)
    return
  }
  const found = sharedWith(set, members)
  set.fill(0)
  for (let place = 0; place < found; place++) addEntry(set, shared[place] ?? 0)
}

/** Used again by each call: arrays that are made to be thrown away cost more than what is done with them. */
let shared: EntrySet = new Uint32Array(0)

/** Puts those of a list that are in a set into `shared`. @returns how many they are */
function sharedWith(set: Members, list: Members): number {
  if (shared.length < list.length) shared = new Uint32Array(2 * list.length)
  let found = 0
  for (let place = 0; place < list.length; place++) {
    const id = list[place] ?? 0
    if (hasEntry(set, id)) shared[found++] = id
  }
  return found
}

/** Adds what the other has. */
export function addMembers(set: EntrySet, members: Members): void {
  if (members.length === set.length) unite(set, members)
  else for (let place = 0; place < members.length; place++) addEntry(set, members[place] ?? 0)
}

/** What both have, of a catalog whose sets take so many words. */
export function sharedMembers(one: Members, other: Members, words: number): Members {
  if (other.length < one.length) return sharedMembers(other, one, words)
  if (one.length < words) {
    const found = other.length < words ? sharedIds(one, other) : sharedWith(other, one)
    return shared.slice(0, found)
  }
  const set = new Uint32Array(one)
  intersect(set, other)
  return membersIn(set)
}

/** The same for two ascending lists. */
function sharedIds(one: Members, other: Members): number {
  if (shared.length < one.length) shared = new Uint32Array(2 * one.length)
  let found = 0
  for (let place = 0, next = 0; place < one.length; place++) {
    const id = one[place] ?? 0
    while (next < other.length && (other[next] ?? 0) < id) next++
    if (other[next] === id) shared[found++] = id
  }
  return found
}

/** How many they are, for a catalog whose sets take so many words. */
export function sizeOf(members: Members, words: number): number {
  return members.length === words ? count(members) : members.length
}

/** Their row ids, ascending, for a catalog whose sets take so many words. */
export function idsOf(members: Members, words: number): ArrayLike<number> & Iterable<number> {
  return members.length === words ? idsIn(members) : members
}

/** What a set holds, as it is stored. */
export function membersIn(set: EntrySet): Members {
  const size = count(set)
  if (size >= set.length) return set.slice()
  const ids = new Uint32Array(size)
  let place = 0
  for (let word = 0; place < size; word++) {
    for (let here = set[word] ?? 0; here !== 0; here &= here - 1) {
      ids[place++] = word * BITS_A_WORD + placeOf(here & -here)
    }
  }
  return ids
}

/** The stored form of a set: its bits, or its row ids where those take less room. Little-endian, as every machine served. */
export function packed(members: Members | readonly number[]): Buffer {
  const words = members instanceof Uint32Array ? members : Uint32Array.from(members)
  return Buffer.from(words.buffer, words.byteOffset, words.byteLength)
}

/** What `packed` wrote. */
export function unpacked(stored: Uint8Array): Members {
  const { buffer, byteOffset, byteLength } = stored
  const isAligned = byteOffset % BYTES_A_WORD === 0
  return isAligned
    ? new Uint32Array(buffer, byteOffset, byteLength / BYTES_A_WORD)
    : new Uint32Array(new Uint8Array(stored).buffer)
}

/** Adds what `packed` wrote for a catalog of as many entries: a list of row ids is always shorter than the bits. */
function addPacked(set: EntrySet, stored: Uint8Array): void {
  addMembers(set, unpacked(stored))
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
