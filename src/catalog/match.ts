import {
  equalityKey,
  fold,
  holdsDigit,
  holdsLetter,
  joined,
  MIN_TRIGRAM_LENGTH,
  RUN_START,
  runs,
  splitTerms,
} from '../db/search-text.ts'
import { type SetSource, storedSet } from './set-sources.ts'

/** Fewest letters that a term without a digit needs to be looked for in joined form. */
const MIN_JOINED_LENGTH = 5

/** A free-text query, compiled into the sets of entries that matching and ranking ask for. */
export interface TextQuery {
  /** For each term where its matches are: in any of these. */
  terms: SetSource[][]
  /** What an id, a model ID or a title must be to equal the whole query. */
  key: string
  /** The whole query in joined form; empty when it holds no letter or digit. */
  joined: string
  /** For each term the entries in which it starts at a run; null: nothing can. */
  starts: SetSource[] | null
}

/** Compiles a query that is not blank; no character of it is an operator. */
export function compileText(query: string): TextQuery {
  const folded = fold(query)
  const all = [...new Set(splitTerms(folded))]
  const readable = all.filter(hasRun)
  const terms = readable.length > 0 ? readable : all
  return {
    terms: terms.map(matchesOf),
    key: equalityKey(folded),
    joined: joined(folded),
    starts: readable.length > 0 ? readable.map(runStarts) : null,
  }
}

/** The contract's three rules for a term. */
function matchesOf(term: string): SetSource[] {
  return isShort(term) ? shortMatches(term) : longMatches(term)
}

/**
 * Where the term holds a letter, what the third rule finds, the second finds too: a spaced form that stands at the start
 * of a run has its joined form stand there.
 */
function longMatches(term: string): SetSource[] {
  const sources: SetSource[] = [{ kind: 'substring of a text', value: quoted(term) }]
  const form = joined(term)
  if (holdsLetter(term)) {
    const isLong = [...form].length >= MIN_JOINED_LENGTH || holdsDigit(term)
    if (isLong) sources.push({ kind: 'substring of a tail', value: quoted(RUN_START + form) })
  } else if (holdsDigit(term) && form !== term) sources.push(runStarts(term))
  return sources
}

/** The same for a term of one or two characters: what its joined or spaced form can be is as short. */
function shortMatches(term: string): SetSource[] {
  const sources = [storedSet('substring', term)]
  const form = joined(term)
  const isMixed = holdsLetter(term) && holdsDigit(term)
  if (isMixed || (holdsDigit(term) && [...form].length === 1)) sources.push(storedSet('start', form))
  return sources
}

/**
 * The entries in whose id or name the term's spaced form stands from the start of a run on. A form of several runs that
 * ends in a digit must end where a run does.
 */
function runStarts(term: string): SetSource {
  const all = runs(term)
  const form = all.join(' ')
  if ([...form].length === 1) return storedSet('start', form)
  const isWhole = all.length > 1 && holdsDigit(all.at(-1) ?? '')
  return { kind: 'runs', value: isWhole ? quoted(form) : `${quoted(form)} *` }
}

function hasRun(term: string): boolean {
  return holdsLetter(term) || holdsDigit(term)
}

function isShort(text: string): boolean {
  return [...text].length < MIN_TRIGRAM_LENGTH
}

/** As a string of FTS5, in which nothing is an operator. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
