import { addEntry, addMembers, entrySet, type Members, membersIn, wordsFor } from './entry-sets.ts'

/**
 * Joins sets and row ids, in any order; what is given twice is in it once. Whoever shares one adds and takes without doing
 * anything in between that may fail.
 */
export interface Gatherer {
  addId(id: number): void
  add(members: Members): void
  /** What was added since the last time. */
  take(): Members
}

/** Lists up to this part of the bits' length are sorted; going through the bits costs less for longer ones. */
const SORTED_SHARE = 1 / 8

/** For a catalog of that many entries. A few ids stay a list all the way. */
export function gatherer(entries: number): Gatherer {
  const mostIds = Math.floor(wordsFor(entries) * SORTED_SHARE)
  const ids = new Uint32Array(mostIds)
  const bits = entrySet(entries)
  let count = 0
  let isSorted = true
  let isDense = false
  const makeDense = () => {
    for (let place = 0; place < count; place++) addEntry(bits, ids[place] ?? 0)
    isDense = true
  }
  const addId = (id: number) => {
    if (!isDense && count === mostIds) makeDense()
    if (isDense) {
      addEntry(bits, id)
      return
    }
    if (count > 0 && id <= (ids[count - 1] ?? 0)) isSorted = false
    ids[count++] = id
  }
  return {
    addId,
    add(members) {
      if (!isDense && count + members.length > mostIds) makeDense()
      if (isDense) addMembers(bits, members)
      else for (let place = 0; place < members.length; place++) addId(members[place] ?? 0)
    },
    take() {
      const members = isDense ? membersIn(bits) : listed(ids.subarray(0, count), isSorted)
      if (isDense) bits.fill(0)
      count = 0
      isSorted = true
      isDense = false
      return members
    },
  }
}

function listed(ids: Uint32Array, isSorted: boolean): Members {
  if (isSorted) return ids.slice()
  ids.sort()
  let kept = 0
  for (let place = 0; place < ids.length; place++) {
    const id = ids[place] ?? 0
    if (kept === 0 || id !== ids[kept - 1]) ids[kept++] = id
  }
  return ids.slice(0, kept)
}
