import { type EntrySet, entrySet, type NumberColumn } from '../db/entry-sets.ts'
import type { Database } from '../db/open.ts'
import type { Range } from './compile.ts'
import { firstOf, placeOf, readNumbers, type Sequence, sequenceOf } from './sequences.ts'

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
interface Column extends Sequence {
  numbers: Float64Array
}

function readColumn(db: Database, name: NumberColumn, entries: number): Column {
  const { numbers, ids } = readNumbers(db, name)
  return { numbers, ...sequenceOf(ids, entries) }
}
