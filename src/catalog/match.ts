import {
  DIGIT_START,
  equalityKey,
  fold,
  holdsDigit,
  holdsLetter,
  joined,
  MIN_TRIGRAM_LENGTH,
  RUN_START,
  runs,
  splitTerms,
  startToken,
  substringToken,
} from '../db/search-text.ts'

/** Fewest letters that a term without a digit needs to be looked for in joined form. */
const MIN_JOINED_LENGTH = 5

/** A free-text query, compiled for the two full-text indexes and for ranking. */
export interface TextQuery {
  /** FTS5 expression over `entry_search`; null when no term is long enough for it. */
  search: string | null
  /** FTS5 expression over `entry_gram`, for terms of one or two characters; null when there is none. */
  grams: string | null
  /** What an id or a name must be to equal the whole query. */
  key: string
  /** The whole query in joined form; empty when it holds no letter or digit. */
  joined: string
  /** What must stand in an entry's spaced text, each by itself, for every term to start at a run; null: nothing can. */
  runStarts: string[] | null
}

/** Compiles a query that is not blank; no character of it is an operator. */
export function compileText(query: string): TextQuery {
  const folded = fold(query)
  const all = [...new Set(splitTerms(folded))]
  const readable = all.filter(hasRun)
  const terms = readable.length > 0 ? readable : all
  const long = terms.filter((term) => [...term].length >= MIN_TRIGRAM_LENGTH)
  const short = terms.filter((term) => [...term].length < MIN_TRIGRAM_LENGTH)
  return {
    search: conjunction(long.map(searchPhrases)),
    grams: conjunction(short.map(gramTokens)),
    key: equalityKey(folded),
    joined: joined(folded),
    runStarts: readable.length > 0 ? readable.map(runStart) : null,
  }
}

/**
 * The contract's three rules for a term, as phrases. Where the term holds a letter, what the third finds, the second
 * finds too: a spaced form that stands at the start of a run has its joined form stand there.
 */
function searchPhrases(term: string): string[] {
  const phrases = [`folded : ${quoted(term)}`]
  const form = joined(term)
  if (holdsLetter(term)) {
    const isLong = [...form].length >= MIN_JOINED_LENGTH || holdsDigit(term)
    if (isLong) phrases.push(`starts : ${quoted(RUN_START + form)}`)
  } else if (holdsDigit(term) && form !== term) {
    phrases.push(`starts : ${quoted(`${DIGIT_START} ${spacedForm(term)}`)}`)
  }
  return phrases
}

/** The same for a term of one or two characters: what its joined or spaced form can be is one token. */
function gramTokens(term: string): string[] {
  const tokens = [substringToken(term)]
  const form = joined(term)
  const isMixed = holdsLetter(term) && holdsDigit(term)
  if (isMixed || (holdsDigit(term) && [...form].length === 1)) tokens.push(startToken(form))
  return tokens
}

/** Behind a blank, a spaced form starts at a run; one of several runs that ends in a digit must end with a run too. */
function runStart(term: string): string {
  return ` ${spacedForm(term)}`
}

function spacedForm(term: string): string {
  const all = runs(term)
  const form = all.join(' ')
  return all.length > 1 && holdsDigit(all.at(-1) ?? '') ? `${form} ` : form
}

function hasRun(term: string): boolean {
  return holdsLetter(term) || holdsDigit(term)
}

function conjunction(alternatives: string[][]): string | null {
  return alternatives.length > 0 ? alternatives.map((each) => `(${each.join(' OR ')})`).join(' AND ') : null
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
