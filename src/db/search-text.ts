/**
 * The forms in which texts are stored for searching and queries are compared with them. Both sides fold here and
 * nowhere else: SQLite's own `lower()` and tokenizers know ASCII letters only.
 *
 * What is kept of an entry: `folded`, id and name as they are, in an index of trigrams, so that a phrase is a substring.
 * Its runs, two that stand one behind the other, and all from one to the text's end, as keys with a blank behind each run: a
 * spaced form that stands from the start of a run on is the beginning of such a key. So is a joined form, cut where runs
 * end.
 */

/** Stands where no letter, digit or white space can: no term holds it, no run does. */
const RUN_START = '\u0001'
/** Stands behind each run in a sequence of them. */
const BLANK_BEHIND = ' '
/** Stands before the first run of a title; no letter or digit. */
export const TITLE_MARK = '^'
/** A token between the runs of id and name, so that no phrase goes from one into the other; no letter or digit either. */
const TEXT_END = '\u{E000}'

/** Shortest text a trigram index can find, in code points; for shorter ones the sets of entries are stored. */
export const MIN_TRIGRAM_LENGTH = 3

/** Orders behind every text that begins as another does. */
export const LAST_CHARACTER = '\u{10FFFF}'

const RUN = /\p{L}+|\p{N}+/gu
const LETTER = /\p{L}/u
const DIGIT = /\p{N}/u
const NEITHER = /[^\p{L}\p{N}]+/gu
const WHITE_SPACE = /\p{White_Space}+/u
const BLANK = /\p{White_Space}/u

/** Trims what Unicode calls white space; `String.trim` leaves U+0085 and takes U+FEFF. */
export function trim(text: string): string {
  // Step by step: an expression that looks for blanks at the end begins anew at every blank within.
  let [from, to] = [0, text.length]
  while (from < to && BLANK.test(text.charAt(from))) from++
  while (to > from && BLANK.test(text.charAt(to - 1))) to--
  return text.slice(from, to)
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

/** The same of a text whose runs are known. */
export function equalityKeyOf({ folded, runs }: Searchable): string {
  return runs.join('') || RUN_START + folded
}

export function holdsLetter(text: string): boolean {
  return LETTER.test(text)
}

export function holdsDigit(text: string): boolean {
  return DIGIT.test(text)
}

/** Whether a text has fewer code points than that. Counting them all takes a list of them. */
export function isShorter(text: string, points: number): boolean {
  // A code point takes one or two units.
  return text.length < points || (text.length < 2 * points && [...text].length < points)
}

const LAST_UNIT = 0xffff

/** How many code units the code point there takes. */
export function unitsAt(text: string, place: number): number {
  return (text.codePointAt(place) ?? 0) > LAST_UNIT ? 2 : 1
}

/** What is searched in an entry; see the top of this file. */
export interface SearchedTexts {
  folded: string
  tails: readonly string[]
  runs: string
}

/** The texts of an entry by its id and its name. */
export function searchedTexts(id: string, name: string | null): SearchedTexts {
  return textsOf([searchable(id), searchable(name ?? '')])
}

/** A text to be searched, folded, and its runs. */
export interface Searchable {
  folded: string
  runs: readonly string[]
}

export function searchable(text: string): Searchable {
  const folded = fold(text)
  return { folded, runs: runs(folded) }
}

function textsOf(texts: readonly Searchable[]): SearchedTexts {
  return {
    folded: allFolded(texts),
    tails: tailsOf(texts),
    runs: ` ${texts.map(({ runs }) => runs.join(' ')).join(` ${TEXT_END} `)} `,
  }
}

/** What the index of trigrams keeps. */
export function allFolded(texts: readonly Searchable[]): string {
  return texts.map(({ folded }) => folded).join('\n')
}

/** From each run to the text's end, with a blank behind each run. */
export function spacedTails({ runs }: Searchable): string[] {
  const whole = spaced(runs)
  let from = 0
  return runs.map((run) => {
    const tail = whole.slice(from)
    from += run.length + BLANK_BEHIND.length
    return tail
  })
}

/** The runs of a title, marked as one, with a blank behind each; nothing where it has none. */
export function titleTail({ runs }: Searchable): string {
  return runs.length === 0 ? '' : TITLE_MARK + spaced(runs)
}

/** Whether the runs of a text end as those of another do, so that all its tails, and all starts of its runs, are the other's too. */
export function endsAs(other: Searchable, { runs }: Searchable): boolean {
  const from = other.runs.length - runs.length
  return runs.every((run, place) => run === other.runs[from + place])
}

function spaced(runs: readonly string[]): string {
  return runs.length === 0 ? '' : runs.join(BLANK_BEHIND) + BLANK_BEHIND
}

/** The first runs of a tail with blanks, that many; nothing where it has fewer. */
export function openingOf(tail: string, runs: number): string {
  let end = 0
  for (let run = 0; run < runs; run++) {
    const blank = tail.indexOf(BLANK_BEHIND, end)
    if (blank < 0) return ''
    end = blank + BLANK_BEHIND.length
  }
  return tail.slice(0, end)
}

/** What each text's joined form says from the start of a run on. */
function tailsOf(texts: readonly Searchable[]): string[] {
  const tails: string[] = []
  for (const { runs } of texts) {
    const whole = runs.join('')
    let from = 0
    for (const run of runs) {
      tails.push(whole.slice(from))
      from += run.length
    }
  }
  return tails
}

/**
 * Tells what terms of one or two characters look for, which no trigram finds: every substring that short, as code points,
 * the first one `NO_CHARACTER` in one of one character.
 */
export function eachShortText(
  texts: readonly Searchable[],
  tell: (first: number, second: number) => void,
): void {
  for (const { folded } of texts) {
    let before = NO_CHARACTER
    for (let index = 0; index < folded.length; index++) {
      const code = folded.codePointAt(index) ?? NO_CHARACTER
      if (code > 0xffff) index++
      const isBlank = code < ASCII ? isAsciiBlank(code) : WHITE_SPACE.test(String.fromCodePoint(code))
      if (!isBlank) {
        tell(NO_CHARACTER, code)
        if (before !== NO_CHARACTER) tell(before, code)
      }
      before = isBlank ? NO_CHARACTER : code
    }
  }
}

/**
 * Tells which of them stand at the start of a run: its first character; of a run of one, with that of the next if only
 * one is a digit.
 */
export function eachShortStart(
  texts: readonly Searchable[],
  tell: (first: number, second: number) => void,
): void {
  for (const { runs } of texts) {
    for (let place = 0; place < runs.length; place++) {
      const run = runs[place] ?? ''
      const next = runs[place + 1]
      const first = firstCharacter(run)
      tell(NO_CHARACTER, first)
      const isOnly = run.length === unitsAt(run, 0)
      if (isOnly && next !== undefined && holdsDigit(run) !== holdsDigit(next)) {
        tell(first, firstCharacter(next))
      }
    }
  }
}

/** Where the one in front is missing; no folded text holds U+0000. */
const NO_CHARACTER = 0
const ASCII = 128

/** What Unicode calls white space below U+0080: the blank, and U+0009 to U+000D. */
function isAsciiBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}

function firstCharacter(text: string): number {
  return text.codePointAt(0) ?? NO_CHARACTER
}

/** The text that `eachShortText` or `eachShortStart` told. */
export function shortText(first: number, second: number): string {
  return first === NO_CHARACTER ? String.fromCodePoint(second) : String.fromCodePoint(first, second)
}
