import { BITS_A_WORD, type EntrySet } from '../db/entry-sets.ts'
import { count, type Finder } from './find.ts'
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
    const matches = count(set)
    return matches === 0 ? null : { matches, first: firstOf(set) }
  }
}

function firstOf(set: EntrySet): number {
  const word = set.findIndex((bits) => bits !== 0)
  const bits = set[word] ?? 0
  return word * BITS_A_WORD + BITS_A_WORD - 1 - Math.clz32(bits & -bits)
}
