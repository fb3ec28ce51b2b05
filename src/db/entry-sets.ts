/**
 * Sets of entries: one bit each, bit N for the entry with row id N. Filters and terms meet in a few hundred machine words
 * where SQL would visit rows (docs/decisions/004-sets-of-entries.md).
 */
export type EntrySet = Uint32Array<ArrayBuffer>

/**
 * The sets an ingest stores, by what their members have in common: a provider, a capability, whether the weights are open
 * (1 or 0), a family, a status, what goes in and what comes out, a text of one or two characters anywhere in the searched
 * texts, one of them where a run starts, and a run (see search-text.ts). Words stand in lower case.
 */
export type TraitSet =
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

/**
 * Of `offer` the members have the model in common, and how that is known; a `model_name` is what a model is called, without its
 * lab, and holds the first entry of each model that is called so (see spellings.ts). There are about as many as models.
 */
export type OfferSet = 'offer' | 'model_name'

export type StoredSet = TraitSet | OfferSet

/** The status that stands for none: of a model in service. */
export const NO_STATUS = 'none'

/** The numbers of entries that ranges compare. */
export const NUMBER_COLUMNS = ['context', 'price'] as const
export type NumberColumn = (typeof NUMBER_COLUMNS)[number]

/** The orders of all entries that an ingest stores: the tie (provider, then model ID), the name, the release date. */
export type StoredOrder = 'id' | 'name' | 'newest'

export const BITS_A_WORD = 32

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

export function hasEntry(set: Uint32Array, id: number): boolean {
  return ((set[id >>> 5] ?? 0) & (1 << (id & 31))) !== 0
}

/** Leaves what both have. */
export function intersect(set: EntrySet, other: Uint32Array): void {
  for (let word = 0; word < set.length; word++) set[word] = (set[word] ?? 0) & (other[word] ?? 0)
}

/** Adds what the other has. */
export function unite(set: EntrySet, other: Uint32Array): void {
  for (let word = 0; word < set.length; word++) set[word] = (set[word] ?? 0) | (other[word] ?? 0)
}

/** The entries' row ids, ascending. */
export function idsIn(set: Uint32Array): number[] {
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

/** How many entries are in a set. Of a large catalog most words of most sets are empty. */
export function count(set: Uint32Array): number {
  let total = 0
  for (let word = 0; word < set.length; word++) {
    const here = set[word] ?? 0
    if (here !== 0) total += bitsIn(here)
  }
  return total
}

/** Whether there are no more than that many. */
export function holdsAtMost(set: EntrySet, most: number): boolean {
  let total = 0
  for (let word = 0; word < set.length && total <= most; word++) {
    const here = set[word] ?? 0
    if (here !== 0) total += bitsIn(here)
  }
  return total <= most
}

/** How many entries are in both. */
export function countShared(set: EntrySet, other: Uint32Array): number {
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
