import { type EntrySet, firstIn } from '../db/entry-sets.ts'
import type { Database } from '../db/open.ts'
import { fold, holdsDigit, holdsLetter, isShorter, runs, splitTerms } from '../db/search-text.ts'
import { compileFilters, type FilterQuery } from './compile.ts'
import type { Lister } from './list.ts'
import { type Found, type Probe, prober } from './probe.ts'
import { LEFT_OUT, replacements, respellings, scattered, shortenings, type Variant } from './variants.ts'
import { type Vocabulary, vocabularyOf } from './vocabulary.ts'

const MAX_SUGGESTIONS = 3
/** Longer queries are no misspelt names, in code points. */
const MAX_LENGTH = 128
const MAX_TERMS = 8
/** How many queries are thought of, the likeliest first; only those whose words exist are looked for. */
const MAX_ATTEMPTS = 48
/** What is less likely than this was hardly meant; see the costs of variants. */
const MAX_COST = 50
/** A correction that finds fewer entries may be a coincidence: then less likely ones are looked at too. */
const FEW_MATCHES = 20
/** How much less likely those may be. */
const COST_OF_DOUBT = 10

/**
 * Suggests queries for one that matches nothing: up to three that do match under the request's other filters, the
 * likeliest first. Nothing is prepared before it is first needed.
 */
export function suggester(
  db: Database,
  { find, sets }: Pick<Lister, 'find' | 'sets'>,
): (query: FilterQuery) => string[] {
  let tools: { vocabulary: Vocabulary; probe: Probe } | undefined
  return (query) => {
    const text = query.query ?? ''
    const terms = splitTerms(fold(text)).filter((term) => runs(term).length > 0)
    if (terms.length === 0 || terms.length > MAX_TERMS || !isShorter(text, MAX_LENGTH + 1)) return []
    const passing = find.passing(compileFilters(query))
    if (passing !== null && firstIn(passing) === undefined) return []
    if (tools === undefined) {
      const probe = prober(find)
      tools = { vocabulary: vocabularyOf(db, sets, probe), probe }
    }
    return suggest(terms, { passing, ...tools })
  }
}

/** What suggestions for one request are made with. */
interface Request {
  /** The entries that pass the request's other filters; null: all do. */
  passing: EntrySet | null
  vocabulary: Vocabulary
  probe: Probe
}

/** A query that may have been meant. */
interface Attempt {
  terms: string[]
  /** How unlikely it is, the sum over what was changed. */
  cost: number
  /** Whether only letters were corrected. */
  isRespelt: boolean
}

interface Hit extends Found {
  text: string
}

/** Takes the likeliest attempts again and again: each is a suggestion, or others are made from it. */
function suggest(asked: string[], request: Request): string[] {
  const found: Hit[] = []
  const waiting = new Waiting({ terms: asked, cost: 0, isRespelt: true })
  const further = widener(asked, request)
  let best = 0
  let attempts = 0
  while (found.length < MAX_SUGGESTIONS && attempts < MAX_ATTEMPTS) {
    const { cost, likeliest } = waiting.takeLikeliest(MAX_ATTEMPTS - attempts)
    if (likeliest.length === 0) break
    attempts += likeliest.length
    const hits: Hit[] = []
    for (const attempt of likeliest) {
      const text = attempt.terms.join(' ')
      const stranger = strangerIn(attempt.terms, request.vocabulary)
      const isPossible = stranger === null && attempt.terms !== asked
      const hit = isPossible ? request.probe(text, request.passing) : null
      if (hit !== null) hits.push({ text, ...hit })
      else if (best === 0) waiting.add(further(attempt, stranger))
    }
    const better = hits.filter(({ matches }) => matches > best).sort(byMatches)
    found.push(...better)
    const isFirst = best === 0
    best = Math.max(best, ...better.map(({ matches }) => matches))
    if (best >= FEW_MATCHES) break
    if (isFirst && best > 0)
      waiting.keep((attempt) => attempt.isRespelt && attempt.cost <= cost + COST_OF_DOUBT)
  }
  return found.slice(0, MAX_SUGGESTIONS).map(({ text }) => text)
}

function byMatches(a: Hit, b: Hit): number {
  return b.matches - a.matches || a.first - b.first || (a.text < b.text ? -1 : 1)
}

/** The attempts not made yet, each once. Equally likely ones stay in the order they were thought of. */
class Waiting {
  #attempts: Attempt[]
  readonly #seen: Set<string>

  constructor(first: Attempt) {
    this.#attempts = [first]
    this.#seen = new Set([first.terms.join(' ')])
  }

  add(attempts: Attempt[]): void {
    for (const attempt of attempts) {
      const text = attempt.terms.join(' ')
      if (attempt.cost > MAX_COST || attempt.terms.length > MAX_TERMS) continue
      if (!holdsLetter(text) || this.#seen.has(text)) continue
      this.#seen.add(text)
      this.#attempts.push(attempt)
    }
  }

  keep(isLikely: (attempt: Attempt) => boolean): void {
    this.#attempts = this.#attempts.filter(isLikely)
  }

  takeLikeliest(most: number): { cost: number; likeliest: Attempt[] } {
    const cost = Math.min(...this.#attempts.map((attempt) => attempt.cost))
    const likeliest = this.#attempts.filter((attempt) => attempt.cost === cost).slice(0, most)
    this.#attempts = this.#attempts.filter((attempt) => attempt.cost !== cost)
    return { cost, likeliest }
  }
}

/** A run of letters that stands in no id or name: no query with it can match. */
interface Stranger {
  place: number
  run: string
}

function strangerIn(terms: readonly string[], { hasRun }: Vocabulary): Stranger | null {
  for (const [place, term] of terms.entries()) {
    const run = runs(term).find((each) => !holdsDigit(each) && !hasRun(each))
    if (run !== undefined) return { place, run }
  }
  return null
}

/** Makes further attempts from one that finds nothing. */
function widener(asked: readonly string[], { passing, vocabulary, probe }: Request) {
  let isCombinationExamined = false
  return (attempt: Attempt, stranger: Stranger | null): Attempt[] => {
    const { terms } = attempt
    if (stranger !== null) {
      const term = terms[stranger.place] ?? ''
      const variants = [
        ...respellings(term, stranger.run, vocabulary),
        ...shortenings(term),
        ...leftOut(terms, stranger.place),
      ]
      return [
        ...changed(attempt, stranger.place, variants),
        ...(terms === asked ? withoutStrangers(attempt, vocabulary) : []),
      ]
    }
    const isAlone = terms.length === 1 && passing === null
    const unmatched = isAlone ? 0 : terms.findIndex((term) => !vocabulary.hasMatch(term))
    if (unmatched >= 0)
      return changed(attempt, unmatched, [...misread(terms[unmatched] ?? ''), ...leftOut(terms, unmatched)])
    // Each term matches something. Looking for those that do not fit takes a search for each, so it is done once, for
    // the likeliest attempt.
    if (isCombinationExamined) return []
    isCombinationExamined = true
    const isSpeltRight = passing !== null && probe(terms.join(' '), null) !== null
    return terms.flatMap((term, place) => {
      const others = terms.toSpliced(place, 1).join(' ')
      if (others !== '' && probe(others, passing) === null) return []
      return changed(attempt, place, [
        ...(isSpeltRight ? shortenings(term) : misread(term)),
        ...leftOut(terms, place),
      ])
    })
  }

  /** Something of what was asked must stay as it was: the rest would be a guess. */
  function leftOut(terms: readonly string[], place: number): Variant[] {
    const others = terms.toSpliced(place, 1)
    const isAsked = (term: string) => asked.includes(term) && strangerIn([term], vocabulary) === null
    return others.some(isAsked) ? [LEFT_OUT] : []
  }

  /** For a term whose runs all exist. */
  function misread(term: string): Variant[] {
    return [...replacements(term, vocabulary), ...shortenings(term), ...scattered(term)]
  }
}

function changed({ terms, cost, isRespelt }: Attempt, place: number, variants: Variant[]): Attempt[] {
  return variants.map((variant) => ({
    terms: [...terms.slice(0, place), ...splitTerms(variant.text), ...terms.slice(place + 1)],
    cost: cost + variant.cost,
    isRespelt: isRespelt && variant.isRespelt,
  }))
}

/** For a query that is a sentence: all terms gone that stand in no id or name. */
function withoutStrangers({ terms, cost }: Attempt, vocabulary: Vocabulary): Attempt[] {
  const known = terms.filter((term) => strangerIn([term], vocabulary) === null)
  return known.length < terms.length - 1
    ? [{ terms: known, cost: cost + LEFT_OUT.cost, isRespelt: false }]
    : []
}
