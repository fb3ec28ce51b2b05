import { count, type EntrySet, firstIn } from '../db/entry-sets.ts'
import type { Finder } from './find.ts'
import { compileText } from './match.ts'

/** What a query finds. */
export interface Found {
  matches: number
  /** Where the first of them stands in the standing order. */
  first: number
}

/** Looks whether a text finds something among the entries that pass the filters (null: all do); null: it does not. */
export type Probe = (text: string, passing: EntrySet | null) => Found | null

export function prober({ matching }: Finder): Probe {
  return (text, passing) => {
    const set = matching(passing, compileText(text).terms)
    const first = firstIn(set)
    return first === undefined ? null : { matches: count(set), first }
  }
}
