import { wordsFor } from '../db/entry-sets.ts'
import type { Gatherer } from '../db/gatherer.ts'
import { idsOf, type Members, NOBODY, sharedMembers, sizeOf, unpacked } from '../db/members.ts'
import type { Database } from '../db/open.ts'
import { LAST_CHARACTER, TITLE_MARK } from '../db/search-text.ts'
import { boundedCache } from './bounded-cache.ts'

/** Of more runs no list is held; what stands in them is searched for in the indexes then. */
const MAX_RUNS = 20_000
/** Most that the members of runs kept in memory may take, in bytes. */
const MAX_MEMBER_BYTES = 8 * 1024 * 1024
/** What kept members take beside themselves and the run, in bytes; about. */
const OVERHEAD_BYTES = 200
/** How many sets of runs are read one by one. */
const MAX_READ_APART = 4
/** How many entries are looked at; with more, a search for all that hold something is cheaper. */
export const MAX_READ = 64

/** Stands between the runs of the list: no run holds it. */
const BETWEEN = '\n'

/** Which runs may stand where a text has this one. */
export interface RunPart {
  run: string
  /** It itself, those that begin with it, end with it, hold it; and of those that end with it or hold it the ones that do not begin so. */
  as: 'whole' | 'beginning' | 'end' | 'part' | 'properEnd' | 'laterPart'
}

/** Finds by the runs (see search-text.ts) of which all ids and names are made: there are far fewer of them than entries. */
export interface RunSets {
  /**
   * The entries that have a run for each part, of several parts those that `isIn` holds for, too. Undefined: there is no list
   * of runs, or too many entries would have to be looked at.
   */
  find(parts: readonly RunPart[], isIn: ((id: number) => boolean) | null): Members | undefined
  /** Whether some run holds what is a part of one; undefined: there is no list. */
  holds(part: string): boolean | undefined
  isRun(text: string): boolean
  /** How much of a text stands at the start of some run, in code units: so does whatever it begins with. */
  begun(text: string): number
}

/** For one state of a catalog of that many entries. The list is read when it is first asked for. */
export function runSets(db: Database, entries: number, gathered: Gatherer): RunSets {
  const membersOf = db
    .prepare<[string], Uint8Array>(`SELECT members FROM entry_set WHERE kind = 'run' AND value = ?`)
    .pluck()
  const kept = boundedCache<string, Members>(
    MAX_MEMBER_BYTES,
    (run, { byteLength }) => run.length + byteLength + OVERHEAD_BYTES,
  )
  const isStored = db
    .prepare<[string], number>(`SELECT 1 FROM entry_set WHERE kind = 'run' AND value = ?`)
    .pluck()
  const beginning = db.prepare<[string, string], { value: string; members: Uint8Array }>(
    `SELECT value, members FROM entry_set WHERE kind = 'run' AND value >= ? AND value < ?`,
  )
  const isBegun = db
    .prepare<[string, string], number>(
      `SELECT 1 FROM entry_set WHERE kind = 'run' AND value >= ? AND value < ? LIMIT 1`,
    )
    .pluck()
  const words = wordsFor(entries)
  let list: RunList | null | undefined
  const readOnce = () => {
    if (list === undefined) list = readList(db)
    return list
  }
  const membersOfRun = (run: string): Members => {
    const known = kept.get(run)
    if (known !== undefined) return known
    const stored = membersOf.get(run)
    const members = stored === undefined ? NOBODY : unpacked(stored)
    kept.set(run, members)
    return members
  }
  // In loops: see docs/decisions/028-optimizing.md.
  const membersOfEach = (runs: readonly string[]): Members[] => {
    const found: Members[] = []
    for (const run of runs) found.push(membersOfRun(run))
    return found
  }
  /** Of many that are not kept it takes one statement for all. */
  const membersOfBeginning = (run: string, candidates: readonly string[]): Members[] => {
    const missing = new Set(candidates.filter((each) => kept.get(each) === undefined))
    if (missing.size <= MAX_READ_APART) return membersOfEach(candidates)
    const found: Members[] = []
    for (const { value, members: stored } of beginning.all(run, run + LAST_CHARACTER)) {
      const members = unpacked(stored)
      if (missing.has(value)) kept.set(value, members)
      found.push(members)
    }
    return found
  }
  const membersFor = (all: RunList, part: RunPart): Members[] => {
    const candidates = runsFor(all, part)
    return part.as === 'beginning' ? membersOfBeginning(part.run, candidates) : membersOfEach(candidates)
  }
  const joined = (all: readonly Members[]): Members => {
    const [only = NOBODY] = all
    if (all.length < 2) return only
    for (const members of all) gathered.add(members)
    return gathered.take()
  }
  return {
    find(parts, isIn) {
      const all = readOnce()
      if (all === null) return undefined
      let found: Members | undefined
      for (const part of parts) {
        const here = joined(membersFor(all, part))
        found = found === undefined ? here : sharedMembers(found, here, words)
        if (found.length === 0) return found
      }
      if (found === undefined || isIn === null) return found
      if (sizeOf(found, words) > MAX_READ) return undefined
      for (const id of [...idsOf(found, words)].filter(isIn)) gathered.addId(id)
      return gathered.take()
    },
    holds(part) {
      return readOnce()?.text.includes(part)
    },
    isRun(text) {
      return readOnce()?.all.has(text) ?? isStored.get(text) !== undefined
    },
    begun(text) {
      const all = readOnce()
      if (all === null) return longestOf(text, (part) => isBegun.get(part, part + LAST_CHARACTER) === 1)
      // The runs that have most in common with it stand beside its place.
      const place = placeIn(all.sorted, text)
      return Math.max(sharedLength(text, all.sorted[place - 1]), sharedLength(text, all.sorted[place]))
    },
  }
}

/** All runs, and those that titles begin with, marked. */
interface RunList {
  all: ReadonlySet<string>
  /** By code unit. */
  sorted: readonly string[]
  /** Each without a mark between two `BETWEEN`. */
  text: string
}

/** Null where there are too many. */
function readList(db: Database): RunList | null {
  const sorted = db
    .prepare<[number], string>(`SELECT value FROM entry_set WHERE kind = 'run' LIMIT ?`)
    .pluck()
    .all(MAX_RUNS + 1)
    .sort()
  if (sorted.length > MAX_RUNS) return null
  const runs = sorted.filter((run) => !run.startsWith(TITLE_MARK))
  return { all: new Set(sorted), sorted, text: BETWEEN + runs.map((run) => run + BETWEEN).join('') }
}

/** How long the longest beginning of a text is that is wanted, as all shorter ones are; in code units. */
function longestOf(text: string, isWanted: (beginning: string) => boolean): number {
  const letters = [...text]
  const beginning = (length: number) => letters.slice(0, length).join('')
  let [low, high] = [0, letters.length]
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (isWanted(beginning(middle))) low = middle
    else high = middle - 1
  }
  return beginning(low).length
}

function sharedLength(text: string, other = ''): number {
  let length = 0
  while (length < text.length && text.charCodeAt(length) === other.charCodeAt(length)) length++
  return length
}

/** Where a text stands, or would. */
function placeIn(sorted: readonly string[], text: string): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? '') < text) low = middle + 1
    else high = middle
  }
  return low
}

function runsFor(list: RunList, { run, as }: RunPart): string[] {
  if (as === 'whole') return list.all.has(run) ? [run] : []
  return as === 'beginning' ? beginningWith(list, run) : holding(list, run, as)
}

function beginningWith({ sorted }: RunList, run: string): string[] {
  const first = placeIn(sorted, run)
  let end = first
  while (sorted[end]?.startsWith(run)) end++
  return sorted.slice(first, end)
}

function holding({ text }: RunList, run: string, as: 'end' | 'part' | 'properEnd' | 'laterPart'): string[] {
  const wanted = as === 'end' || as === 'properEnd' ? run + BETWEEN : run
  const found: string[] = []
  for (let at = text.indexOf(wanted); at >= 0; ) {
    const start = text.lastIndexOf(BETWEEN, at) + 1
    const end = text.indexOf(BETWEEN, start)
    found.push(text.slice(start, end))
    at = text.indexOf(wanted, end)
  }
  if (as === 'properEnd') return found.filter((each) => each !== run)
  return as === 'laterPart' ? found.filter((each) => each.includes(run, 1)) : found
}
