import { addEntry, type EntrySet, entrySet, type NumberColumn, type StoredOrder } from '../db/entry-sets.ts'
import type { Database } from '../db/open.ts'

/** How many sets are kept on the way through a sequence: every other is one of them and what stands behind it. */
const STEPS = 64

/** Entries in some order. */
export interface Sequence {
  ids: Uint32Array
  /** The first entries: none, a step's length of them, twice as many, and so on. */
  steps: EntrySet[]
  stepLength: number
}

export function sequenceOf(ids: Uint32Array, entries: number): Sequence {
  const stepLength = Math.max(1, Math.ceil(ids.length / STEPS))
  const so = entrySet(entries)
  const steps = [so.slice()]
  for (const [place, id] of ids.entries()) {
    addEntry(so, id)
    if ((place + 1) % stepLength === 0) steps.push(so.slice())
  }
  return { ids, steps, stepLength }
}

/** Makes `set` the first `count` entries of a sequence. */
export function firstOf({ ids, steps, stepLength }: Sequence, count: number, set: EntrySet): void {
  const step = Math.floor(count / stepLength)
  set.set(steps[step] ?? [])
  for (let place = step * stepLength; place < count; place++) addEntry(set, ids[place] ?? 0)
}

/** Where the first item is that `isBeyond`, as all after it are. */
export function placeOf(items: Float64Array | Uint32Array, isBeyond: (item: number) => boolean): number {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBeyond(items[middle] ?? 0)) high = middle
    else low = middle + 1
  }
  return low
}

/** The known numbers of a column, ascending, and whose they are. */
export function readNumbers(db: Database, name: NumberColumn): { numbers: Float64Array; ids: Uint32Array } {
  const stored = db
    .prepare<[NumberColumn], { numbers: Buffer; ids: Buffer }>(
      'SELECT numbers, ids FROM entry_column WHERE name = ?',
    )
    .get(name)
  return {
    numbers: new Float64Array(copied(stored?.numbers)),
    ids: new Uint32Array(copied(stored?.ids)),
  }
}

/** All entries in an order. */
export function readOrder(db: Database, name: StoredOrder): Uint32Array {
  const ids = db
    .prepare<[StoredOrder], Buffer>('SELECT ids FROM entry_order WHERE name = ?')
    .pluck()
    .get(name)
  return new Uint32Array(copied(ids))
}

/** In a buffer of its own, so that it begins where numbers may. */
function copied(stored: Buffer | undefined): ArrayBuffer {
  return new Uint8Array(stored ?? []).buffer
}
