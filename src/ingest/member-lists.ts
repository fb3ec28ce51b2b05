import { addEntry, type EntrySet, entrySet, wordsFor } from '../db/entry-sets.ts'
import { membersIn, packed } from '../db/members.ts'

/** Sets of entries, each filled by ascending row id: chains in shared arrays, so that no set costs an object of its own. */
export interface MemberLists {
  /** Begins an empty set. @returns its number */
  begin(): number
  /** Adds a row id, which may be the one that was added last. */
  add(list: number, id: number): void
  /** The stored form (see db/members.ts). */
  packed(list: number): Buffer
}

/** How many lists and ids there is room for at first. */
const FIRST_ROOM = 4_096
/** How many ids the stored forms of short lists share a buffer for. */
const SHARED_WORDS = 16_384
/** Ends a chain: no node has this number. */
const END = 0

/** For a catalog of that many entries. */
export function memberLists(entries: number): MemberLists {
  const words = wordsFor(entries)
  /** A node takes as much room as two words of bits. */
  const mostNodes = Math.ceil(words / 2)
  /** The last node of each list; of one that is kept as bits, which bits. */
  let ends = new Uint32Array(FIRST_ROOM)
  let sizes = new Uint32Array(FIRST_ROOM)
  /** The row id that each list was given last: most are given one several times. */
  let last = new Uint32Array(FIRST_ROOM)
  let lists = 0
  /** Of each node its row id and the node before it. */
  let ids = new Uint32Array(FIRST_ROOM)
  let before = new Uint32Array(FIRST_ROOM)
  let nodes = END
  /** Nodes that are no longer in use, as a chain. */
  let free = END
  /** Sets of so many that their bits take less room than their nodes. */
  const dense: EntrySet[] = []
  let shared = new Uint32Array(SHARED_WORDS)
  let taken = 0

  const newNode = () => {
    if (free !== END) {
      const node = free
      free = before[node] ?? END
      return node
    }
    nodes++
    if (nodes === ids.length) {
      ids = grown(ids)
      before = grown(before)
    }
    return nodes
  }
  const makeDense = (list: number) => {
    const bits = entrySet(entries)
    let first = ends[list] ?? END
    for (let node = first; node !== END; node = before[node] ?? END) {
      addEntry(bits, ids[node] ?? 0)
      first = node
    }
    before[first] = free
    free = ends[list] ?? END
    ends[list] = dense.push(bits) - 1
  }
  const bitsOf = (list: number) => dense[ends[list] ?? 0]
  return {
    begin() {
      if (lists === ends.length) {
        ends = grown(ends)
        sizes = grown(sizes)
        last = grown(last)
      }
      return lists++
    },
    add(list, id) {
      if (last[list] === id) return
      last[list] = id
      const size = sizes[list] ?? 0
      sizes[list] = size + 1
      if (size >= mostNodes) {
        const bits = bitsOf(list)
        if (bits !== undefined) addEntry(bits, id)
        return
      }
      const node = newNode()
      ids[node] = id
      before[node] = ends[list] ?? END
      ends[list] = node
      if (size + 1 === mostNodes) makeDense(list)
    },
    packed(list) {
      const size = sizes[list] ?? 0
      const bits = size >= mostNodes ? bitsOf(list) : undefined
      if (bits !== undefined) return packed(membersIn(bits))
      if (taken + size > shared.length) {
        shared = new Uint32Array(Math.max(size, SHARED_WORDS))
        taken = 0
      }
      let place = taken + size
      for (let node = ends[list] ?? END; node !== END; node = before[node] ?? END)
        shared[--place] = ids[node] ?? 0
      taken += size
      return packed(shared.subarray(place, taken))
    },
  }
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * array.length)
  larger.set(array)
  return larger
}
