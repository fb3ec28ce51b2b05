import { holdsDigit, holdsLetter, joined, runs } from '../db/search-text.ts'
import { MIN_WORD_LENGTH } from '../db/word-forms.ts'
import type { Vocabulary } from './vocabulary.ts'

/**
 * What may have been meant by a term: other spellings, other versions, or a part of it. The costs say which is likelier,
 * the lower the likelier: a letter mistyped, something another product puts before or behind, a version that is not
 * there, a part that is too much.
 */
const COST = {
  /** For each edit. */
  respell: 10,
  /** A run that stands in some id or name but is no word of its own, such as one cut off. */
  respellFragment: 11,
  /** A word that exists, where another was meant. */
  respellWord: 18,
  /** `gpt-40` or `gpt-o4` for `gpt-4o`. */
  lookalike: 11,
  /** `models/…`, `bedrock/us.anthropic.…`, `…:free`, `…@20250101`, `…-latest`: for the first such part. */
  wrapping: 12,
  /** `opusclaude` for `opus claude`. */
  missingBlank: 14,
  /** A version next to the one asked for. */
  version: 15,
  /** For each further part, or version in between. */
  further: 1,
  /** The last part, whatever it is; for each further one. */
  lastPart: 22,
  furtherLastPart: 4,
  /** `sonnet-claude` for `sonnet claude`. */
  blanksForMarks: 24,
  /** Any word, left out. */
  leftOut: 30,
} as const

/** How many parts may be taken from the end of a term. */
const MAX_LAST_PARTS = 4
/** How far back and ahead the version meant may be. People ask for versions that are not there yet. */
const VERSIONS_BACK = 5
const VERSIONS_AHEAD = 2
/** Longer numbers are dates or sizes, no versions, in digits. */
const MAX_VERSION_LENGTH = 2
/** Fewest letters and digits that tell something without a digit among them, in code points. */
const MIN_KEPT_LENGTH = 3

export interface Variant {
  /** What stands for the term: another one, several, or nothing. */
  text: string
  cost: number
  /** Whether only letters were corrected. */
  isRespelt: boolean
}

export const LEFT_OUT: Variant = { text: '', cost: COST.leftOut, isRespelt: false }

/** The term with a run that no id or name has spelt as a word, or split in two. */
export function respellings(term: string, run: string, vocabulary: Vocabulary): Variant[] {
  const variants: Variant[] = []
  for (const { word, edits } of vocabulary.near(run)) {
    variants.push(variant(term.replace(run, word), COST.respell * edits, true))
  }
  const letters = [...run]
  for (let end = MIN_WORD_LENGTH; end <= letters.length - MIN_WORD_LENGTH; end++) {
    const [left, right] = [letters.slice(0, end).join(''), letters.slice(end).join('')]
    if (vocabulary.isWord(left) && vocabulary.isWord(right)) {
      variants.push(variant(term.replace(run, `${left} ${right}`), COST.missingBlank))
    }
  }
  return variants
}

/**
 * The term with one run of its last path segment, each of which some id or name has, as another word or another number.
 * Longer paths have to be shortened first: what stands before is another product's more often than not.
 */
export function replacements(term: string, vocabulary: Vocabulary): Variant[] {
  const path = term.slice(0, term.lastIndexOf('/') + 1)
  if (path.indexOf('/') !== path.lastIndexOf('/')) return []
  const segment = term.slice(path.length)
  const variants: Variant[] = []
  for (const text of lookalikes(segment)) variants.push(variant(path + text, COST.lookalike))
  for (const { text: run, index } of runsOf(segment)) {
    const put = (text: string) => path + segment.slice(0, index) + text + segment.slice(index + run.length)
    if (holdsDigit(run)) {
      if (SIZE.test(segment.slice(index))) continue
      for (const [version, between] of versionsNear(run)) {
        variants.push(variant(put(version), COST.version + COST.further * between))
      }
    } else {
      const isWord = vocabulary.isWord(run)
      for (const { word, edits } of vocabulary.near(run)) {
        if (!isWord) variants.push(variant(put(word), COST.respellFragment * edits, true))
        else if (edits === 1) variants.push(variant(put(word), COST.respellWord, true))
      }
    }
  }
  return variants
}

/** The term without what another product puts around an id, and without its last parts. */
export function shortenings(term: string): Variant[] {
  const variants: Variant[] = []
  let prefixes = 0
  for (const rest of [term, ...withoutPrefixes(term)]) {
    let suffixes = 0
    for (const text of [rest, ...withoutSuffixes(rest)]) {
      addShorter(variants, term, text, COST.wrapping + COST.further * (prefixes + suffixes - 1))
      suffixes++
    }
    prefixes++
  }
  let cost: number = COST.lastPart
  for (const text of withoutLastParts(term)) {
    addShorter(variants, term, text, cost)
    cost += COST.furtherLastPart
  }
  return variants
}

function addShorter(variants: Variant[], term: string, text: string, cost: number): void {
  if (text !== term && tellsSomething(text)) variants.push(variant(text, cost))
}

/** A slash ends a part of a path; a dot or a colon ends one behind a first word, as in `us.anthropic.claude`. */
const PREFIX = /^(?:[^/]*\/|[\p{L}\p{N}]+[.:](?=\p{L}))/u

function withoutPrefixes(term: string): string[] {
  const rest = term.replace(PREFIX, '')
  return rest === term ? [] : [rest, ...withoutPrefixes(rest)]
}

/** A tag, a date, a build number. */
const SUFFIX = /(?:[:@][^/:@]*|[-_.]latest|[-_](?:\d{3,}|\d{4}-\d{2}-\d{2}|\d{2}-\d{4}))$/
/** Behind one of those also the revision, as in `-20240620-v1:0`. */
const REVISION = /[-_]v\d+$/

function withoutSuffixes(term: string, pattern = SUFFIX): string[] {
  const rest = term.replace(pattern, '')
  if (rest === term) return []
  return [rest, ...withoutSuffixes(rest, REVISION.test(rest) ? REVISION : SUFFIX)]
}

const LAST_PART = /[^\p{L}\p{N}/]+[\p{L}\p{N}]*$/u
const WORD = new RegExp(`\\p{L}{${MIN_WORD_LENGTH}}`, 'u')

/** A single word that is left must not have lost another one: that would make `text` of `text-moderation`. */
function withoutLastParts(term: string): string[] {
  const rests: string[] = []
  let rest = term.replace(LAST_PART, '')
  for (
    let before = term;
    rest !== before && rests.length < MAX_LAST_PARTS;
    rest = rest.replace(LAST_PART, '')
  ) {
    if (runs(rest).length === 1 && WORD.test(term.slice(rest.length))) break
    rests.push(rest)
    before = rest
  }
  return rests
}

function tellsSomething(text: string): boolean {
  const length = [...joined(text)].length
  return holdsLetter(text) && (length >= MIN_KEPT_LENGTH || holdsDigit(text))
}

/** A point between digits belongs to a version. */
const MARKS_BETWEEN_WORDS = /(?:[^\p{L}\p{N}.]|(?<!\p{N})\.|\.(?!\p{N}))+/u

/** The parts of the term as words of their own, which may stand in any order. */
export function scattered(term: string): Variant[] {
  const parts = term.split(MARKS_BETWEEN_WORDS).filter((part) => part !== '')
  return parts.length > 1 ? [variant(parts.join(' '), COST.blanksForMarks)] : []
}

function variant(text: string, cost: number, isRespelt = false): Variant {
  return { text, cost, isRespelt }
}

/** Digits that were meant to be letters and the other way round. */
function lookalikes(term: string): string[] {
  return [
    term.replace(/(?<!\d)(\d)0(?![\p{L}\p{N}])/u, '$1o'),
    term.replace(/(?<![\p{L}\p{N}])0(?=\d)/u, 'o'),
    term.replace(/(?<![\p{L}\p{N}])o(\d)(?!\d)/u, '$1o'),
  ].filter((text) => text !== term)
}

/** `70b`, `128k`. */
const SIZE = /^\d+[bkm](?![\p{L}\p{N}])/u

/** Versions back and ahead, and how many lie in between. */
function versionsNear(digits: string): [version: string, between: number][] {
  if (!/^\d+$/.test(digits) || digits.length > MAX_VERSION_LENGTH) return []
  const asked = Number(digits)
  const near: [string, number][] = []
  for (let steps = 1; steps <= VERSIONS_BACK; steps++) {
    if (asked >= steps) near.push([String(asked - steps), steps - 1])
    if (steps <= VERSIONS_AHEAD) near.push([String(asked + steps), steps - 1])
  }
  return near
}

function runsOf(term: string): { text: string; index: number }[] {
  let from = 0
  return runs(term).map((text) => {
    const index = term.indexOf(text, from)
    from = index + text.length
    return { text, index }
  })
}
