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

/**
 * The `starts` text of the index, of folded texts' runs; see the top of this file. A name mostly ends as the id does, and
 * what two texts share is there once.
 */
export function startsText(texts: readonly Searchable[]): string {
  const starts = new Set<string>()
  for (const { runs } of texts) {
    let joinedFrom = ''
    let digitsFrom = ''
    for (let index = runs.length - 1; index >= 0; index--) {
      const run = runs[index] ?? ''
      joinedFrom = run + joinedFrom
      starts.add(RUN_START + joinedFrom)
      digitsFrom = holdsDigit(run) ? `${run} ${digitsFrom}` : ''
      if (digitsFrom !== '') starts.add(`${DIGIT_START} ${digitsFrom}`)
    }
  }
  return [...starts].join('')
}

/** A blank before and after each run, for ranking: a spaced form starts at a run where it stands behind a blank. */
export function spacedText(all: readonly string[]): string {
  return ` ${all.join(' ')} `
}

/** A text to be searched, folded, and its runs. */
export interface Searchable {
  folded: string
  runs: readonly string[]
}

/**
 * Tokens for terms of one or two characters, which no trigram finds, a blank between them: every substring that short,
 * every place where a joined form of one letter and one digit begins, every digit that begins a run.
 */
export function gramTokens(texts: readonly Searchable[]): string {
  const tokens = new Set<string>()
  asciiRound++
  let text = ''
  const add = (first: number, second: number) => {
    if (first < ASCII && second < ASCII) {
      const place = first * ASCII + second
      if (asciiSeenIn[place] === asciiRound) return
      asciiSeenIn[place] = asciiRound
      asciiTokens[place] ??= codesToken('a', first, second)
      text += `${asciiTokens[place]} `
    } else tokens.add(codesToken('a', first, second))
  }
  for (const { folded, runs } of texts) {
    let before = NO_CHARACTER
    for (let index = 0; index < folded.length; index++) {
      const code = folded.codePointAt(index) ?? NO_CHARACTER
      if (code > 0xffff) index++
      const isBlank = code < ASCII ? isAsciiBlank(code) : WHITE_SPACE.test(String.fromCodePoint(code))
      if (!isBlank) {
        add(NO_CHARACTER, code)
        if (before !== NO_CHARACTER) add(before, code)
      }
      before = isBlank ? NO_CHARACTER : code
    }
    for (const [index, run] of runs.entries()) addStarts(run, runs[index + 1], tokens)
  }
  return text + [...tokens].join(' ')
}

/** Where the one in front is missing; no folded text holds U+0000. */
const NO_CHARACTER = 0
const ASCII = 128

/** Nearly every gram is of ASCII: for those a table of who was seen last in which round does what a set would. */
const asciiSeenIn = new Uint32Array(ASCII * ASCII)
const asciiTokens: string[] = []
let asciiRound = 0

/** What Unicode calls white space below U+0080: the blank, and U+0009 to U+000D. */
function isAsciiBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}

function addStarts(run: string, next: string | undefined, tokens: Set<string>): void {
  const [first = '', second] = run
  const isDigit = holdsDigit(first)
  if (isDigit) tokens.add(startToken(first))
  if (second === undefined && next !== undefined && isDigit !== holdsDigit(next)) {
    const [nextFirst = ''] = next
    tokens.add(startToken(first + nextFirst))
  }
}

/** Stands for a text of one or two characters found anywhere. */
export function substringToken(text: string): string {
  return token('a', text)
}

/** Stands for a text of one or two characters found at the start of a run. */
export function startToken(text: string): string {
  return token('s', text)
}

function token(kind: string, text: string): string {
  const [first = '', second] = text
  const code = first.codePointAt(0) ?? NO_CHARACTER
  return second === undefined
    ? codesToken(kind, NO_CHARACTER, code)
    : codesToken(kind, code, second.codePointAt(0) ?? NO_CHARACTER)
}

/** What stands for itself in a token; of all else the codes do, which makes it longer than any of these. */
const PLAIN = /^[a-z0-9]{1,2}$/

/** Of ASCII letters and digits only, which the index's tokenizer keeps whole. */
function codesToken(kind: string, first: number, second: number): string {
  const text = first === NO_CHARACTER ? String.fromCodePoint(second) : String.fromCodePoint(first, second)
  if (PLAIN.test(text)) return kind + text
  return `${kind}z${first.toString(16)}z${second.toString(16)}`
}
