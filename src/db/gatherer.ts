import { addEntry, entrySet, wordsFor } from './entry-sets.ts'
import { addMembers, type Members, membersIn } from './members.ts'

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
  /** Whether what was added is more than a list could hold. */
  let isMany = false
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
      if (members.length === bits.length) isMany = true
      if (isDense) addMembers(bits, members)
      else for (let place = 0; place < members.length; place++) addId(members[place] ?? 0)
    },
    take() {
      let members: Members
      if (isDense) {
        members = isMany ? bits.slice() : membersIn(bits)
        bits.fill(0)
      } else {
        members = listed(ids.subarray(0, count), isSorted)
      }
      isMany = false
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
