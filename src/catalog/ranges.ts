import { addEntry, type EntrySet, entrySet, type NumberColumn } from '../db/entry-sets.ts'
import type { Database } from '../db/open.ts'
import type { Range } from './compile.ts'

/** How many sets are kept on the way through a column: every other is one of them and what stands behind it. */
const STEPS = 64

/** Takes what is not within the range out of a set; an entry whose number is unknown is within none. */
export type KeepWithin = (set: EntrySet, range: Range) => void

/** For one state of a catalog of that many entries; each column is read when it is first asked for. */
export function rangeKeeper(db: Database, entries: number): KeepWithin {
  const columns = new Map<NumberColumn, Column>()
  const [upper, lower] = [entrySet(entries), entrySet(entries)]
  return (set, { column: name, min, max }) => {
    const column = columns.get(name) ?? readColumn(db, name, entries)
    columns.set(name, column)
    firstOf(
      column,
      placeOf(column.numbers, (number) => number > max),
      upper,
    )
    firstOf(
      column,
      placeOf(column.numbers, (number) => number >= min),
      lower,
    )
    for (let word = 0; word < set.length; word++) {
      set[word] = (set[word] ?? 0) & (upper[word] ?? 0) & ~(lower[word] ?? 0)
    }
  }
}

/** The entries whose number is known, ascending by it. */
interface Column {
  numbers: Float64Array
  ids: Uint32Array
  /** The first entries: none, a step's length of them, twice as many, and so on. */
  steps: EntrySet[]
  stepLength: number
}

function readColumn(db: Database, name: NumberColumn, entries: number): Column {
  const stored = db
    .prepare<[NumberColumn], { numbers: Buffer; ids: Buffer }>(
      'SELECT numbers, ids FROM entry_column WHERE name = ?',
    )
    .get(name)
  const numbers = new Float64Array((stored?.numbers.byteLength ?? 0) / Float64Array.BYTES_PER_ELEMENT)
  const ids = new Uint32Array(numbers.length)
  if (stored !== undefined) {
    new Uint8Array(numbers.buffer).set(stored.numbers)
    new Uint8Array(ids.buffer).set(stored.ids)
  }
  const stepLength = Math.max(1, Math.ceil(ids.length / STEPS))
  const so = entrySet(entries)
  const steps = [so.slice()]
  for (const [place, id] of ids.entries()) {
    addEntry(so, id)
    if ((place + 1) % stepLength === 0) steps.push(so.slice())
  }
  return { numbers, ids, steps, stepLength }
}

/** Makes `set` the first `count` entries of a column. */
function firstOf({ ids, steps, stepLength }: Column, count: number, set: EntrySet): void {
  const step = Math.floor(count / stepLength)
  set.set(steps[step] ?? [])
  for (let place = step * stepLength; place < count; place++) addEntry(set, ids[place] ?? 0)
}

/** Where the first number is that `isBeyond`, as all after it are. */
function placeOf(numbers: Float64Array, isBeyond: (number: number) => boolean): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBeyond(numbers[middle] ?? 0)) high = middle
    else low = middle + 1
  }
  return low
}
