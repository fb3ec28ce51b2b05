import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  count,
  countShared,
  type EntrySet,
  entrySet,
  firstIn,
  idsIn,
  wordsFor,
} from '../../src/db/entry-sets.ts'
import { gatherer } from '../../src/db/gatherer.ts'
import {
  addMembers,
  idsOf,
  keepMembers,
  type Members,
  membersIn,
  packed,
  sharedMembers,
  unpacked,
} from '../../src/db/members.ts'

/** So many entries that a set of few is a list, and a set of many its bits. */
const ENTRIES = 1000
const WORDS = wordsFor(ENTRIES)
const id = fc.integer({ min: 1, max: ENTRIES })
const ids = fc.oneof(fc.uniqueArray(id, { maxLength: 12 }), fc.uniqueArray(id, { maxLength: ENTRIES }))

const gathered = gatherer(ENTRIES)
function membersOf(all: readonly number[]): Members {
  for (const each of all) gathered.addId(each)
  return gathered.take()
}

function setOf(all: readonly number[]): EntrySet {
  const set = entrySet(ENTRIES)
  addMembers(set, membersOf(all))
  return set
}

function ascending(all: Iterable<number>): number[] {
  return [...new Set(all)].sort((a, b) => a - b)
}

test('a set is kept as what takes less room, and gives back what it holds', () => {
  fc.assert(
    fc.property(ids, (all) => {
      const members = membersOf(all)
      expect(members.length === WORDS).toBe(all.length >= WORDS)
      expect([...idsOf(members, WORDS)]).toEqual(ascending(all))
      const set = setOf(all)
      expect(membersIn(set)).toEqual(members)
      expect([idsIn(set), count(set), firstIn(set)]).toEqual([ascending(all), all.length, ascending(all)[0]])
    }),
  )
})

test('what is stored is read wherever it stands in a buffer', () => {
  fc.assert(
    fc.property(ids, fc.integer({ min: 0, max: 4 }), (all, offset) => {
      const members = membersOf(all)
      const buffer = new Uint8Array(offset + members.byteLength)
      buffer.set(packed(members), offset)
      expect(unpacked(buffer.subarray(offset))).toEqual(members)
    }),
  )
})

test('sets meet and are joined, whichever of them are lists', () => {
  fc.assert(
    fc.property(ids, ids, (one, other) => {
      const shared = ascending(one.filter((each) => other.includes(each)))
      expect([...idsOf(sharedMembers(membersOf(one), membersOf(other), WORDS), WORDS)]).toEqual(shared)
      const kept = setOf(one)
      keepMembers(kept, membersOf(other))
      expect(idsIn(kept)).toEqual(shared)
      expect(countShared(setOf(one), setOf(other))).toBe(shared.length)
      const both = setOf(one)
      addMembers(both, membersOf(other))
      expect(idsIn(both)).toEqual(ascending([...one, ...other]))
    }),
  )
})

test('gathered sets are joined once each, and the next begin empty', () => {
  fc.assert(
    fc.property(fc.array(ids, { maxLength: 4 }), id, (sets, last) => {
      for (const each of sets.map(membersOfAnother)) gathered.add(each)
      gathered.addId(last)
      expect([...idsOf(gathered.take(), WORDS)]).toEqual(ascending([...sets.flat(), last]))
      expect(gathered.take()).toHaveLength(0)
    }),
  )
})

function membersOfAnother(all: readonly number[]): Members {
  const another = gatherer(ENTRIES)
  for (const each of all) another.addId(each)
  return another.take()
}
