// How the contract reads text: folding, terms, runs, and the joined and spaced forms.

export interface Text {
  folded: string
  joined: string
  spaced: string
  /** Where, in the joined form, the runs of the text begin. */
  runStarts: ReadonlySet<number>
}

export interface Term {
  folded: string
  joined: string
  /** In code points. */
  joinedLength: number
  spaced: string
  hasLetter: boolean
  hasDigit: boolean
  /** More than one run, the last of digits: it must end where a run ends. */
  mustEndARun: boolean
}

export function trimBlanks(value: string): string {
  return value.replace(/^\p{White_Space}+/u, '').replace(/\p{White_Space}+$/u, '')
}

export function codePoints(value: string): number[] {
  return Array.from(value, (character) => character.codePointAt(0) ?? 0)
}

/** Ascending by code point, which JavaScript's `<` is not: it puts surrogates before U+E000. */
export function compareCodePoints(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let unit = 0; unit < shorter; unit += 1) {
    if (a[unit] !== b[unit]) return (a.codePointAt(unit) ?? 0) - (b.codePointAt(unit) ?? 0)
  }
  return a.length - b.length
}

export function fold(value: string): string {
  return value.normalize('NFKC').toLowerCase()
}

function runsOf(folded: string): string[] {
  return folded.match(/\p{L}+|\p{N}+/gu) ?? []
}

export function joinedForm(folded: string): string {
  return runsOf(folded).join('')
}

export function readText(value: string): Text {
  const folded = fold(value)
  const runs = runsOf(folded)
  const runStarts = new Set<number>()
  let start = 0
  for (const run of runs) {
    runStarts.add(start)
    start += run.length
  }
  return { folded, joined: runs.join(''), spaced: runs.join(' '), runStarts }
}

/** The terms that a query asks for: those without a letter or digit only when there is no other. */
export function termsOf(foldedQuery: string): Term[] {
  const terms = foldedQuery
    .split(/\p{White_Space}+/u)
    .filter((term) => term !== '')
    .map(readTerm)
  const telling = terms.filter((term) => term.hasLetter || term.hasDigit)
  return telling.length > 0 ? telling : terms
}

function readTerm(folded: string): Term {
  const runs = runsOf(folded)
  return {
    folded,
    joined: runs.join(''),
    joinedLength: codePoints(runs.join('')).length,
    spaced: runs.join(' '),
    hasLetter: /\p{L}/u.test(folded),
    hasDigit: /\p{N}/u.test(folded),
    mustEndARun: runs.length > 1 && /\p{N}$/u.test(runs.join('')),
  }
}

/** Rule 1. */
export function isSubstring(term: Term, text: Text): boolean {
  return text.folded.includes(term.folded)
}

/** Rule 2. */
export function fitsJoined(term: Term, text: Text): boolean {
  if (!term.hasLetter) return false
  if (!term.hasDigit && term.joinedLength < 5) return false
  return positionsOf(term.joined, text.joined).some((position) => text.runStarts.has(position))
}

/** Rule 3. */
export function fitsSpaced(term: Term, text: Text): boolean {
  return term.hasDigit && standsInRuns(term, text)
}

/** The test inside rule 3, which closeness 2 puts to terms without a digit too. */
export function standsInRuns({ spaced, mustEndARun }: Term, text: Text): boolean {
  if (spaced === '') return false
  return positionsOf(spaced, text.spaced).some((position) => {
    const startsARun = position === 0 || text.spaced[position - 1] === ' '
    const end = position + spaced.length
    const endsARun = end === text.spaced.length || text.spaced[end] === ' '
    return startsARun && (endsARun || !mustEndARun)
  })
}

const none: number[] = []

/** Every position, overlapping ones too: a later one may fit where the first does not. */
function positionsOf(part: string, whole: string): number[] {
  if (!whole.includes(part)) return none
  const positions: number[] = []
  for (let at = whole.indexOf(part); at !== -1; at = whole.indexOf(part, at + 1)) positions.push(at)
  return positions
}
