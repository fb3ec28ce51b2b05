import type { EntrySet } from '../db/entry-sets.ts'
import { holdsDigit, runs, splitTerms } from '../db/search-text.ts'
import type { Probe } from './probe.ts'
import { LEFT_OUT, replacements, respellings, scattered, shortenings, type Variant } from './variants.ts'
import type { Vocabulary } from './vocabulary.ts'

/** What suggestions for one request are made with. */
export interface AttemptContext {
  asked: readonly string[]
  /** The entries that pass the request's other filters; null: all do. */
  passing: EntrySet | null
  vocabulary: Vocabulary
  probe: Probe
  /** Whether terms that do not fit together were looked for. */
  areMisfitsKnown: boolean
}

/** A query that may have been meant. */
export interface Attempt {
  terms: readonly string[]
  /** How unlikely it is, the sum over what was changed. */
  cost: number
  /** Whether only letters were corrected. */
  isRespelt: boolean
}

/** A run of letters that stands in no id or name: no query with it can match. */
export interface Stranger {
  place: number
  run: string
}

export function strangerIn(terms: readonly string[], vocabulary: Vocabulary): Stranger | null {
  for (let place = 0; place < terms.length; place++) {
    const run = strangeRun(terms[place] ?? '', vocabulary)
    if (run !== null) return { place, run }
  }
  return null
}

function strangeRun(term: string, { hasRun }: Vocabulary): string | null {
  for (const run of runs(term)) if (!holdsDigit(run) && !hasRun(run)) return run
  return null
}

/**
 * Makes further attempts from one that finds nothing.
 *
 * There are loops and functions of the module where `map` and closures would do: V8 gives arrays of another kind back once it has
 * compiled those, which makes it compile anew whoever takes them, and it drops the code of closures that are made for each request
 * with every collection (docs/decisions/028-optimizing.md).
 */
export function further(attempt: Attempt, stranger: Stranger | null, context: AttemptContext): Attempt[] {
  if (stranger !== null) return withoutStranger(attempt, stranger, context)
  const unmatched = unmatchedIn(attempt.terms, context)
  if (unmatched !== null) return withoutUnmatched(attempt, unmatched, context)
  // Each term matches something. Looking for those that do not fit takes a search for each, so it is done once, for
  // the likeliest attempt.
  if (context.areMisfitsKnown) return []
  context.areMisfitsKnown = true
  return withoutMisfits(attempt, context)
}

/** Attempts without what stands in no id or name. */
function withoutStranger(attempt: Attempt, { place, run }: Stranger, context: AttemptContext): Attempt[] {
  const { terms } = attempt
  const { vocabulary, asked } = context
  const term = terms[place] ?? ''
  const attempts = changed(attempt, place, [
    ...respellings(term, run, vocabulary),
    ...shortenings(term),
    ...leftOut(terms, place, context),
  ])
  if (terms === asked) attempts.push(...withoutStrangers(attempt, vocabulary))
  return attempts
}

/** Where a term stands that matches nothing by itself; null: nowhere. */
function unmatchedIn(terms: readonly string[], { passing, vocabulary }: AttemptContext): number | null {
  // One that stands alone is what was just looked for.
  if (terms.length === 1 && passing === null) return 0
  for (let place = 0; place < terms.length; place++)
    if (!vocabulary.hasMatch(terms[place] ?? '')) return place
  return null
}

function withoutUnmatched(attempt: Attempt, place: number, context: AttemptContext): Attempt[] {
  const { terms } = attempt
  const variants = [...misread(terms[place] ?? '', context), ...leftOut(terms, place, context)]
  return changed(attempt, place, variants)
}

/** Attempts without one of the terms that keep the others, which match something, from doing so. */
function withoutMisfits(attempt: Attempt, context: AttemptContext): Attempt[] {
  const { terms } = attempt
  const { passing, probe } = context
  const isSpeltRight = passing !== null && probe(terms.join(' '), null) !== null
  const attempts: Attempt[] = []
  for (let place = 0; place < terms.length; place++) {
    const others = terms.toSpliced(place, 1).join(' ')
    if (others !== '' && probe(others, passing) === null) continue
    const term = terms[place] ?? ''
    const variants = isSpeltRight ? shortenings(term) : misread(term, context)
    attempts.push(...changed(attempt, place, [...variants, ...leftOut(terms, place, context)]))
  }
  return attempts
}

/** Something of what was asked must stay as it was: the rest would be a guess. */
function leftOut(terms: readonly string[], place: number, { asked, vocabulary }: AttemptContext): Variant[] {
  for (let other = 0; other < terms.length; other++) {
    const term = terms[other] ?? ''
    if (other !== place && asked.includes(term) && strangeRun(term, vocabulary) === null) return [LEFT_OUT]
  }
  return []
}

/** For a term whose runs all exist. */
function misread(term: string, { vocabulary }: AttemptContext): Variant[] {
  return [...replacements(term, vocabulary), ...shortenings(term), ...scattered(term)]
}

function changed({ terms, cost, isRespelt }: Attempt, place: number, variants: Variant[]): Attempt[] {
  const attempts: Attempt[] = []
  for (const variant of variants) {
    attempts.push({
      terms: [...terms.slice(0, place), ...splitTerms(variant.text), ...terms.slice(place + 1)],
      cost: cost + variant.cost,
      isRespelt: isRespelt && variant.isRespelt,
    })
  }
  return attempts
}

/** For a query that is a sentence: all terms gone that stand in no id or name. */
function withoutStrangers({ terms, cost }: Attempt, vocabulary: Vocabulary): Attempt[] {
  const known: string[] = []
  for (const term of terms) if (strangeRun(term, vocabulary) === null) known.push(term)
  return known.length < terms.length - 1
    ? [{ terms: known, cost: cost + LEFT_OUT.cost, isRespelt: false }]
    : []
}
