import { NUMBER_COLUMNS, type NumberColumn, type OfferSet, type TraitSet } from '../db/entry-sets.ts'
import { type BufferedInserter, bufferedInserter, inserter } from '../db/insert.ts'
import { packed, unpacked } from '../db/members.ts'
import type { Database } from '../db/open.ts'
import { shortText, TITLE_MARK } from '../db/search-text.ts'
import { memberLists } from './member-lists.ts'
import { type NamedLists, namedLists } from './named-lists.ts'
import { openingWriter } from './openings.ts'

/** Collects what entries have in common, one entry after the other, by ascending row id. */
export interface SetWriter {
  add(kind: TraitSet, value: string, id: number): void
  addOffer(kind: OfferSet, value: string, id: number): void
  addSubstring: AddShort
  addStart: AddShort
  /** A tail of an entry's texts, or a title; the runs that it begins with are a set too, and the pairs. */
  addTail(tail: string, id: number): void
  /** Keeps an entry's number; unknown where it is null. */
  put(column: NumberColumn, id: number, value: number | null): void
  /**
   * Writes what was collected, in the caller's transaction. `tieOf` tells who of equals comes first.
   * @returns how many entries have each run
   */
  write(tieOf: (id: number) => number): Map<string, number>
}

/** Adds to the set of a text of one or two characters, as `eachShortText` and `eachShortStart` tell it. */
type AddShort = (first: number, second: number, id: number) => void

const ASCII = 128
/** Where a table names none yet. */
const NO_LIST = -1
/** In the order of their table. */
const OFFER_SETS = ['model_name', 'offer'] as const satisfies OfferSet[]

/** For a catalog of that many entries. `scratch` takes what does not fit into memory. */
export function setWriter(db: Database, scratch: Database, entries: number): SetWriter {
  const lists = memberLists(entries)
  const sets = new Map<TraitSet, Map<string, number>>()
  const tails = namedLists(scratch, 'tail', entries)
  const offers = {
    model_name: namedLists(scratch, 'model_name', entries),
    offer: namedLists(scratch, 'offer', entries),
  }
  const columns = { context: numberColumn(entries), price: numberColumn(entries) }
  const listOf = (kind: TraitSet, value: string) => {
    let ofKind = sets.get(kind)
    if (ofKind === undefined) {
      ofKind = new Map()
      sets.set(kind, ofKind)
    }
    let list = ofKind.get(value)
    if (list === undefined) {
      list = lists.begin()
      ofKind.set(value, list)
    }
    return list
  }
  const shortAdder = (kind: TraitSet & ('substring' | 'start')): AddShort => {
    /** The list of each pair of characters: nearly all are of ASCII, for which a table does what a map would. */
    const table = new Int32Array(ASCII * ASCII).fill(NO_LIST)
    return (first, second, id) => {
      if (first >= ASCII || second >= ASCII) {
        lists.add(listOf(kind, shortText(first, second)), id)
        return
      }
      const place = first * ASCII + second
      let list = table[place] ?? NO_LIST
      if (list === NO_LIST) {
        list = listOf(kind, shortText(first, second))
        table[place] = list
      }
      lists.add(list, id)
    }
  }
  return {
    add: (kind, value, id) => lists.add(listOf(kind, value), id),
    addOffer: (kind, value, id) => offers[kind].add(value, id),
    addSubstring: shortAdder('substring'),
    addStart: shortAdder('start'),
    addTail: tails.add,
    put(column, id, value) {
      if (value !== null) columns[column].add(id, value)
    },
    write(tieOf) {
      const insertSet = bufferedInserter(db, 'entrySet')
      const counts = writeSequences(db, entries, tails, insertSet)
      for (const kind of OFFER_SETS) {
        offers[kind].forEach((value, members) => {
          insertSet.add([{ kind, value, members }])
        })
      }
      for (const kind of [...sets.keys()].sort()) {
        const ofKind = sets.get(kind) ?? new Map<string, number>()
        for (const value of [...ofKind.keys()].sort()) {
          insertSet.add([{ kind, value, members: lists.packed(ofKind.get(value) ?? 0) }])
        }
      }
      insertSet.flush()
      const insertColumn = inserter(db, 'entryColumn')
      for (const name of NUMBER_COLUMNS) {
        const { numbers, ids } = columns[name].sorted(tieOf)
        insertColumn([{ name, numbers: Buffer.from(numbers.buffer), ids: packed(ids) }])
      }
      return counts
    },
  }
}

/** Writes the tails, and what they begin with: pairs and runs. @returns how many entries have each run */
function writeSequences(
  db: Database,
  entries: number,
  tails: NamedLists,
  insertSet: BufferedInserter<'entrySet'>,
): Map<string, number> {
  const counts = new Map<string, number>()
  const insertTail = bufferedInserter(db, 'entryTail')
  const insertPair = bufferedInserter(db, 'entryPair')
  const runs = openingWriter(entries, 1, (opening, members, size) => {
    const value = opening.trimEnd()
    if (!value.startsWith(TITLE_MARK)) counts.set(value, size)
    insertSet.add([{ kind: 'run', value, members }])
  })
  const pairs = openingWriter(entries, 2, (pair, members) => insertPair.add([{ pair, members }]))
  tails.forEach((tail, members) => {
    insertTail.add([{ tail, members }])
    const those = unpacked(members)
    runs.add(tail, those)
    pairs.add(tail, those)
  })
  runs.end()
  pairs.end()
  insertTail.flush()
  insertPair.flush()
  return counts
}

/** Entries' numbers, for so many entries at most: as lists of numbers, since as objects they take several times the memory. */
function numberColumn(entries: number) {
  const ids = new Uint32Array(entries)
  const numberOf = new Float64Array(entries + 1)
  let known = 0
  return {
    add(id: number, value: number): void {
      ids[known++] = id
      numberOf[id] = value
    },
    /** The lowest first; `tieOf` tells who of equals comes first. */
    sorted(tieOf: (id: number) => number): { numbers: Float64Array<ArrayBuffer>; ids: Uint32Array } {
      const sorted = ids
        .subarray(0, known)
        .sort((a, b) => (numberOf[a] ?? 0) - (numberOf[b] ?? 0) || tieOf(a) - tieOf(b))
      return { numbers: Float64Array.from(sorted, (id) => numberOf[id] ?? 0), ids: sorted }
    },
  }
}
