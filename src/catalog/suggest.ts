import { firstIn } from '../db/entry-sets.ts'
import type { Database } from '../db/open.ts'
import { fold, holdsLetter, isShorter, runs, splitTerms } from '../db/search-text.ts'
import { type Attempt, type AttemptContext, further, strangerIn } from './attempts.ts'
import { compileFilters, type FilterQuery } from './compile.ts'
import type { Lister } from './list.ts'
import { type Found, type Probe, prober } from './probe.ts'
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
    return suggest({ asked: terms, passing, ...tools, areMisfitsKnown: false })
  }
}

interface Hit extends Found {
  text: string
}

/** Takes the likeliest attempts again and again: each is a suggestion, or others are made from it. */
function suggest(context: AttemptContext): string[] {
  const { asked, passing, vocabulary, probe } = context
  const found: Hit[] = []
  const waiting = new Waiting({ terms: asked, cost: 0, isRespelt: true })
  let best = 0
  let attempts = 0
  while (found.length < MAX_SUGGESTIONS && attempts < MAX_ATTEMPTS) {
    const { cost, likeliest } = waiting.takeLikeliest(MAX_ATTEMPTS - attempts)
    if (likeliest.length === 0) break
    attempts += likeliest.length
    const hits: Hit[] = []
    for (const attempt of likeliest) {
      const text = attempt.terms.join(' ')
      const stranger = strangerIn(attempt.terms, vocabulary)
      const hit = stranger === null && attempt.terms !== asked ? probe(text, passing) : null
      if (hit !== null) hits.push({ text, ...hit })
      else if (best === 0) waiting.add(further(attempt, stranger, context))
    }
    for (const hit of hits.sort(byMatches)) if (hit.matches > best) found.push(hit)
    const isFirst = best === 0
    best = Math.max(best, hits[0]?.matches ?? 0)
    if (best >= FEW_MATCHES) break
    if (isFirst && best > 0) waiting.keepRespelt(cost + COST_OF_DOUBT)
  }
  const texts: string[] = []
  for (const { text } of found) if (texts.length < MAX_SUGGESTIONS) texts.push(text)
  return texts
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

  /** Forgets those in which more than letters was corrected, and those that cost more. */
  keepRespelt(mostCost: number): void {
    const kept: Attempt[] = []
    for (const attempt of this.#attempts) {
      if (attempt.isRespelt && attempt.cost <= mostCost) kept.push(attempt)
    }
    this.#attempts = kept
  }

  takeLikeliest(most: number): { cost: number; likeliest: Attempt[] } {
    let cost = Number.POSITIVE_INFINITY
    for (const attempt of this.#attempts) cost = Math.min(cost, attempt.cost)
    const likeliest: Attempt[] = []
    const others: Attempt[] = []
    for (const attempt of this.#attempts) {
      if (attempt.cost !== cost) others.push(attempt)
      else if (likeliest.length < most) likeliest.push(attempt)
    }
    this.#attempts = others
    return { cost, likeliest }
  }
}
