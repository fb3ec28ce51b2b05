import {
  equalityKey,
  fold,
  holdsDigit,
  holdsLetter,
  isShorter,
  joined,
  MIN_TRIGRAM_LENGTH,
  runs,
  splitTerms,
} from '../db/search-text.ts'
import type { SetSource, TextSource } from './set-sources.ts'

/** Longest text to look for, in code points, trimmed. */
export const MAX_QUERY_LENGTH = 256
/** Fewest letters that a term without a digit needs to be looked for in joined form. */
const MIN_JOINED_LENGTH = 5

/** A free-text query, compiled into the sets of entries that matching and ranking ask for. */
export interface TextQuery {
  /** For each term where its matches are: in any of these. */
  terms: TextSource[][]
  /** What an id, a model ID or a title must be to equal the whole query. */
  key: string
  /** The titles that begin with the whole query. */
  beginning: SetSource
  /** For each term where the entries are in which it starts at a run; null: nothing can. */
  starts: TextSource[][] | null
}

/** Compiles a query that is not blank; no character of it is an operator. */
export function compileText(query: string): TextQuery {
  const folded = fold(query)
  const all = [...new Set(splitTerms(folded))]
  const readable = all.filter(hasRun)
  const terms = readable.length > 0 ? readable : all
  return {
    terms: terms.map((term) =>
      isShorter(term, MIN_TRIGRAM_LENGTH) ? shortMatches(term) : longMatches(term),
    ),
    key: equalityKey(folded),
    beginning: { kind: 'title', value: joined(folded) },
    starts: readable.length > 0 ? readable.map((term) => [runStart(term)]) : null,
  }
}

/**
 * The contract's three rules for a term. Where it holds a letter, what the third rule finds, the second finds too: a spaced
 * form that stands at the start of a run has its joined form stand there.
 */
function longMatches(term: string): TextSource[] {
  const form = joined(term)
  const substring: TextSource = { kind: 'text', value: term }
  if (holdsLetter(term)) {
    const isLong = !isShorter(form, MIN_JOINED_LENGTH) || holdsDigit(term)
    if (!isLong) return [substring]
    // Where a run starts with the term, or with what follows its first marks, a tail does too.
    const tail: TextSource = { kind: 'tail', value: form }
    return term.startsWith(runs(term)[0] ?? '') ? [tail, { kind: 'later', value: term }] : [tail]
  }
  return holdsDigit(term) && form !== term ? [substring, runStart(term)] : [substring]
}

/** The same for a term of one or two characters: what its joined or spaced form can be is as short. */
function shortMatches(term: string): TextSource[] {
  const sources: TextSource[] = [{ kind: 'substring', value: term }]
  const form = joined(term)
  const isMixed = holdsLetter(term) && holdsDigit(term)
  const isDigit = holdsDigit(term) && isShorter(form, 2)
  if (isMixed || isDigit) sources.push({ kind: 'start', value: form })
  return sources
}

/** The spaced form from the start of a run on; one of several runs that ends in a digit must end where a run does. */
function runStart(term: string): TextSource {
  const all = runs(term)
  const form = all.join(' ')
  if (isShorter(form, 2)) return { kind: 'start', value: form }
  const isWhole = all.length > 1 && holdsDigit(all.at(-1) ?? '')
  return { kind: 'runs', value: isWhole ? ` ${form} ` : ` ${form}` }
}

function hasRun(term: string): boolean {
  return holdsLetter(term) || holdsDigit(term)
}
