import { inserter } from '../db/insert.ts'
import type { Database } from '../db/open.ts'
import { holdsLetter } from '../db/search-text.ts'
import { MIN_WORD_LENGTH, wordForms } from '../db/word-forms.ts'
import { compareCodePoints } from './order.ts'

/** The rarest words are left out beyond this many, so that looking one up costs the same however large the catalog. */
const MAX_WORDS = 50_000

/** Writes the words among the runs of all entries, in the caller's transaction. `counts` tells how many entries have each run. */
export function writeWords(db: Database, counts: ReadonlyMap<string, number>): void {
  const words = [...counts]
    .map(([word, entries]) => ({ word, entries }))
    .filter(({ word }) => holdsLetter(word) && [...word].length >= MIN_WORD_LENGTH)
    .sort((a, b) => b.entries - a.entries || compareCodePoints(a.word, b.word))
    .slice(0, MAX_WORDS)
    .map((row, place) => ({ id: place + 1, ...row }))
  const insert = inserter(db, 'word')
  insert(words)
  const near = db.prepare('INSERT INTO word_near(rowid, forms) VALUES (?, ?)')
  for (const { id, word } of words) near.run(id, wordForms(word).join(' '))
}
