import { inserter } from '../db/insert.ts'
import type { Database } from '../db/open.ts'
import { holdsLetter } from '../db/search-text.ts'
import { MIN_WORD_LENGTH, wordForms } from '../db/word-forms.ts'
import { compareCodePoints } from './order.ts'

/** The rarest words are left out beyond this many, so that looking one up costs the same however large the catalog. */
const MAX_WORDS = 50_000

/** Counts the words of entries, one entry after the other. */
export interface WordCount {
  /** Takes the runs of an entry's id and name. */
  add(...texts: (readonly string[])[]): void
  /** Writes what was counted, in the caller's transaction. */
  write(db: Database): void
}

export function wordCount(): WordCount {
  const seen = new Map<string, { entries: number; last: number }>()
  let entry = 0
  return {
    add(...texts) {
      entry++
      for (const runs of texts) {
        for (const run of runs) {
          const count = seen.get(run)
          if (count === undefined) seen.set(run, { entries: 1, last: entry })
          else if (count.last !== entry) {
            count.entries++
            count.last = entry
          }
        }
      }
    },
    write(db) {
      const words = [...seen]
        .map(([word, { entries }]) => ({ word, entries }))
        .filter(({ word }) => holdsLetter(word) && [...word].length >= MIN_WORD_LENGTH)
        .sort((a, b) => b.entries - a.entries || compareCodePoints(a.word, b.word))
        .slice(0, MAX_WORDS)
        .map((row, place) => ({ id: place + 1, ...row }))
      const insert = inserter(db, 'word')
      insert(words)
      const near = db.prepare('INSERT INTO word_near(rowid, forms) VALUES (?, ?)')
      for (const { id, word } of words) near.run(id, wordForms(word).join(' '))
    },
  }
}
