import {
  addEntry,
  BITS_A_WORD,
  count,
  type EntrySet,
  entrySet,
  hasEntry,
  idsIn,
  intersect,
  placeOf,
  unite,
  wordsFor,
} from './entry-sets.ts'

/**
 * A set that does not change, as it is stored: row ids, ascending, or the bits where they are no more words than those. So
 * what few entries have in common is little to keep and to look at, however large the catalog.
 */
export type Members = Uint32Array

const BYTES_A_WORD = 4

export const NOBODY: Members = new Uint32Array(0)

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
  if (shared.length < set.length) shared = new Uint32Array(set.length)
  let found = 0
  for (let word = 0; word < set.length; word++) {
    for (let here = set[word] ?? 0; here !== 0; here &= here - 1) {
      // A list is shorter than the bits.
      if (found === set.length - 1) return set.slice()
      shared[found++] = word * BITS_A_WORD + placeOf(here & -here)
    }
  }
  return shared.slice(0, found)
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
