import { addEntry, addPacked, type EntrySet, entrySet, idsIn, packed, wordsFor } from '../db/entry-sets.ts'
import { openingOf } from '../db/search-text.ts'

/** Puts what begins alike together. */
export interface OpeningWriter {
  /** Tails come in the order of their texts, with their members in their stored form. */
  add(tail: string, members: Buffer): void
  /** Tells the last opening: all others were told when the next one came. */
  end(): void
}

/** Tells for each opening of that many runs the entries that have a tail with it; shorter tails have none. */
export function openingWriter(
  entries: number,
  runs: number,
  tell: (opening: string, members: Buffer, size: number) => void,
): OpeningWriter {
  const gathered = gatherer(entries)
  let opening = ''
  const end = () => {
    if (opening === '') return
    const { members, size } = gathered.take()
    tell(opening, members, size)
  }
  return {
    add(tail, members) {
      if (opening === '' || !tail.startsWith(opening)) {
        end()
        opening = openingOf(tail, runs)
      }
      if (opening !== '') gathered.add(members)
    },
    end,
  }
}

/** Joins sets in their stored form, which may share members. */
function gatherer(entries: number) {
  const words = wordsFor(entries)
  const ids = new Uint32Array(words)
  let count = 0
  let bits: EntrySet | undefined
  const sortedIds = () => {
    const sorted = ids.subarray(0, count).sort()
    let kept = 0
    for (const id of sorted) if (kept === 0 || id !== sorted[kept - 1]) sorted[kept++] = id
    count = kept
    return sorted.subarray(0, kept)
  }
  const toBits = () => {
    const set = entrySet(entries)
    for (let place = 0; place < count; place++) addEntry(set, ids[place] ?? 0)
    count = 0
    return set
  }
  return {
    add(stored: Buffer): void {
      if (bits === undefined && stored.byteLength + 4 * count >= ids.byteLength) bits = toBits()
      if (bits !== undefined) addPacked(bits, stored)
      else for (let at = 0; at < stored.byteLength; at += 4) ids[count++] = stored.readUInt32LE(at)
    },
    /** What was added since the last time. */
    take(): { members: Buffer; size: number } {
      const all = bits === undefined ? sortedIds().slice() : idsIn(bits)
      const isShort = all.length < words
      const members = packed(bits !== undefined && !isShort ? bits : all)
      bits = undefined
      count = 0
      return { members, size: all.length }
    },
  }
}
