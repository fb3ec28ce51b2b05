import { BOUND_TEXT } from '../db/bound.ts'
import type { Database } from '../db/open.ts'
import { isShorter } from '../db/search-text.ts'
import { allowedEdits, MIN_WORD_LENGTH, wordForms } from '../db/word-forms.ts'
import { remembered } from './bounded-cache.ts'
import type { Probe } from './probe.ts'
import type { SetReader } from './set-sources.ts'

/** How many words that share a form with a misspelt one are measured, the most frequent first. */
const MAX_MEASURED = 50
/** How many words may take the place of one. */
const MAX_NEAR_WORDS = 5
/** Longer runs of letters are no misspelt words, in code points. */
const MAX_WORD_LENGTH = 32

interface NearWord {
  word: string
  /** How many letters are wrong, missing, too many, or in each other's place. */
  edits: number
}

/** What the ids and names of one state of a catalog are made of. Each method remembers what it has told. */
export interface Vocabulary {
  /** Whether some id or name has this run of letters, whatever stands around it. */
  hasRun(run: string): boolean
  /** Whether some entry matches the term, by the contract's rules. */
  hasMatch(term: string): boolean
  isWord(text: string): boolean
  /** The words that may have been meant: fewer edits first, then the more frequent. The word itself is not among them. */
  near(run: string): NearWord[]
}

export function vocabularyOf(db: Database, sets: Pick<SetReader, 'hasRun'>, probe: Probe): Vocabulary {
  const inTexts = db
    .prepare<[string], number>('SELECT 1 FROM entry_text WHERE entry_text MATCH ? LIMIT 1')
    .pluck()
  const inWords = db.prepare<[string], number>('SELECT 1 FROM word WHERE word = ?').pluck()
  const sharingForms = db
    .prepare<[string], string>(
      `SELECT w.word FROM word_near n CROSS JOIN word w ON w.id = n.rowid
       WHERE word_near MATCH ${BOUND_TEXT} ORDER BY n.rowid LIMIT ${MAX_MEASURED}`,
    )
    .pluck()
  return {
    hasRun: remembered((run) => isShort(run) || (sets.hasRun(run) ?? inTexts.get(`"${run}"`) !== undefined)),
    hasMatch: remembered((term) => probe(term, null) !== null),
    isWord: remembered((text) => inWords.get(text) !== undefined),
    near: remembered((run) => {
      const near: NearWord[] = []
      const letters = [...run]
      if (isShort(run) || letters.length > MAX_WORD_LENGTH) return near
      const forms = wordForms(run).map((form) => `"${form}"`)
      for (const word of sharingForms.all(forms.join(' OR '))) {
        const edits = editsBetween(letters, [...word])
        if (word !== run && edits <= allowedEdits(letters)) near.push({ word, edits })
      }
      return near.sort((a, b) => a.edits - b.edits).slice(0, MAX_NEAR_WORDS)
    }),
  }
}

/** Too short for the trigram index, and in so many texts that asking would tell nothing. */
function isShort(run: string): boolean {
  return isShorter(run, MIN_WORD_LENGTH)
}

/** How many letters must be put in, taken out, replaced, or exchanged with their neighbour to get from one to the other. */
function editsBetween(from: readonly string[], to: readonly string[]): number {
  let twoBefore: number[] = []
  let before = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [row, letter] of from.entries()) {
    const edits = [row + 1]
    for (const [column, other] of to.entries()) {
      const replaced = at(before, column) + Number(letter !== other)
      const isExchange = row > 0 && letter === to[column - 1] && from[row - 1] === other
      edits.push(
        Math.min(
          replaced,
          at(before, column + 1) + 1,
          at(edits, column) + 1,
          isExchange ? at(twoBefore, column - 1) + 1 : replaced,
        ),
      )
    }
    twoBefore = before
    before = edits
  }
  return at(before, to.length)
}

function at(edits: readonly number[], place: number): number {
  return edits[place] ?? Number.POSITIVE_INFINITY
}
