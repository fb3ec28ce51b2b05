/**
 * The forms in which texts are stored for searching and queries are compared with them. Both sides fold here and
 * nowhere else: SQLite's own `lower()` and tokenizers know ASCII letters only.
 *
 * The index keeps two texts an entry. `folded` holds id and name as they are, for substrings. `starts` holds, for
 * each run, what the text's joined form says from there on, behind RUN_START; and for each run of digits the
 * digits that follow one another from there, spaced, behind DIGIT_START. So "stands in the joined form from the
 * start of a run on" is a substring search too, and a trigram index answers it exactly.
 */

/** Stands where no letter, digit or white space can: no term holds it, no run does. */
export const RUN_START = '\u0001'
export const DIGIT_START = '\u0002'

/** Shortest text a trigram index can find, in code points; shorter terms go to the gram index. */
export const MIN_TRIGRAM_LENGTH = 3

const RUN = /\p{L}+|\p{N}+/gu
const LETTER = /\p{L}/u
const DIGIT = /\p{N}/u
const NEITHER = /[^\p{L}\p{N}]+/gu
const WHITE_SPACE = /\p{White_Space}+/u
const OUTER_WHITE_SPACE = /^\p{White_Space}+|\p{White_Space}+$/gu

/** Trims what Unicode calls white space; `String.trim` leaves U+0085 and takes U+FEFF. */
export function trim(text: string): string {
  return text.replace(OUTER_WHITE_SPACE, '')
}

export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

/** Folded text split at white space; blanks make no terms. */
export function splitTerms(folded: string): string[] {
  return folded.split(WHITE_SPACE).filter((term) => term !== '')
}

/** The longest stretches of letters or of digits, in order. */
export function runs(folded: string): string[] {
  return folded.match(RUN) ?? []
}

/** Only letters and digits kept. */
export function joined(folded: string): string {
  return folded.replace(NEITHER, '')
}

/**
 * What two texts must share to be equal "folded or in joined form". Equal folded texts have equal joined forms, so
 * the joined form decides alone, except where there is none: then only the folded text can.
 */
export function equalityKey(folded: string): string {
  return joined(folded) || RUN_START + folded
}

export function holdsLetter(text: string): boolean {
  return LETTER.test(text)
}

export function holdsDigit(text: string): boolean {
  return DIGIT.test(text)
}

/** The `starts` text of the index; see the top of this file. */
export function startsText(folded: string): string {
  const all = runs(folded)
  let joinedFrom = ''
  let digitsFrom = ''
  let text = ''
  for (const run of all.reverse()) {
    joinedFrom = run + joinedFrom
    text += RUN_START + joinedFrom
    digitsFrom = holdsDigit(run) ? `${run} ${digitsFrom}` : ''
    if (digitsFrom !== '') text += `${DIGIT_START} ${digitsFrom}`
  }
  return text
}

/** A blank before and after each run, for ranking: a spaced form starts at a run where it stands behind a blank. */
export function spacedText(folded: string): string {
  return ` ${runs(folded).join(' ')} `
}

/**
 * Tokens for terms of one or two characters, which no trigram finds: each substring that short, each place where
 * a joined form of one letter and one digit begins, each digit that begins a run.
 */
export function gramTokens(...texts: string[]): Set<string> {
  const tokens = new Set<string>()
  for (const folded of texts) {
    addSubstrings(folded, tokens)
    addStarts(runs(folded), tokens)
  }
  return tokens
}

function addSubstrings(folded: string, tokens: Set<string>): void {
  for (const stretch of splitTerms(folded)) {
    let before = ''
    for (const character of stretch) {
      tokens.add(substringToken(character))
      if (before !== '') tokens.add(substringToken(before + character))
      before = character
    }
  }
}

function addStarts(all: string[], tokens: Set<string>): void {
  for (const [index, run] of all.entries()) {
    const [first = '', second] = run
    if (holdsDigit(first)) tokens.add(startToken(first))
    const next = all[index + 1]
    if (second === undefined && next !== undefined && holdsDigit(first) !== holdsDigit(next)) {
      const [nextFirst = ''] = next
      tokens.add(startToken(first + nextFirst))
    }
  }
}

/** Stands for a text found anywhere. */
export const substringToken = tokenMaker('a')

/** Stands for a joined form found at the start of a run. */
export const startToken = tokenMaker('s')

/** How many tokens are kept ready: the same few grams come all the time. */
const MAX_CACHED_TOKENS = 10_000

/** A token is of ASCII letters and digits only, which the index's tokenizer keeps whole. */
function tokenMaker(kind: string): (text: string) => string {
  const made = new Map<string, string>()
  return (text) => {
    let token = made.get(text)
    if (token === undefined) {
      token = kind + Array.from(text, (character) => character.codePointAt(0)?.toString(16)).join('x')
      if (made.size >= MAX_CACHED_TOKENS) made.clear()
      made.set(text, token)
    }
    return token
  }
}
