import type { Searcher } from './alternatives.ts'
import type { Entry } from './entries.ts'
import { PAGE } from './judgements.ts'

/** Finds all matches of a query. */
type Match = (query: string) => readonly Entry[]

/**
 * What the contract's order with a query compares in turn, the smaller first. `unnamed`, `mixed` and `featured` are 0
 * for all, unless a rule sets them.
 */
const ORDER = [
  'otherId',
  'group',
  'deprecated',
  'unnamed',
  'party',
  'closeness',
  'mixed',
  'featured',
  'recency',
] as const
type Rank = Record<(typeof ORDER)[number], number>

type Rule = (rank: Rank, entry: Entry, query: string) => Partial<Rank>

/** Exact copies of hosts count as near. */
const exactIsMakers: Rule = ({ group, party }) => (group === 0 && party > 0 ? { group: 1, closeness: 1 } : {})
/** The featured rank counts before the release date. */
const featuredFirst: Rule = (_, { featured }) => ({ featured })
/** What answers in text alone comes before the rest, by release date within each. */
const textFirst: Rule = (_, { isTextOnly }) => ({ mixed: Number(!isTextOnly) })
/** Where a word of the query is a provider's key, that provider's entries come before the rest of their group. */
const namedFirst: Rule = (_, { id }, query) => ({
  unnamed: Number(
    !query
      .toLowerCase()
      .split(/\s+/)
      .includes(id.slice(0, id.indexOf('/'))),
  ),
})

/** The contract's order, and what one small change or several make of it. */
export function variants(match: Match): [Searcher, ...Searcher[]] {
  return [
    variant('the contract', match, []),
    variant('A: exact copies at makers only', match, [exactIsMakers]),
    variant('B: featured rank before release date', match, [featuredFirst]),
    variant('C: text alone before release date', match, [textFirst]),
    variant('D: a named provider before party', match, [namedFirst]),
    variant('B and C', match, [featuredFirst, textFirst]),
    variant('B and D', match, [featuredFirst, namedFirst]),
    variant('B, C and D', match, [featuredFirst, textFirst, namedFirst]),
    variant('all four', match, [exactIsMakers, featuredFirst, textFirst, namedFirst]),
  ]
}

function variant(name: string, match: Match, rules: readonly Rule[]): Searcher {
  return {
    name,
    search(query) {
      return match(query)
        .map((entry) => {
          const rank = rankOf(entry, query)
          for (const rule of rules) Object.assign(rank, rule(rank, entry, query))
          return { id: entry.id, rank }
        })
        .sort((a, b) => compare(a.rank, b.rank))
        .slice(0, PAGE)
        .map(({ id }) => id)
    },
  }
}

function compare(a: Rank, b: Rank): number {
  for (const key of ORDER) if (a[key] !== b[key]) return a[key] - b[key]
  return 0
}

function rankOf(entry: Entry, query: string): Rank {
  const { party, recency } = entry
  const close = closeness(entry, query)
  const isExact = close === 0 && party <= 1
  return {
    otherId: Number(!isEqual(entry.id, query)),
    group: isExact ? 0 : close === 3 ? 2 : 1,
    deprecated: Number(entry.deprecated),
    unnamed: 0,
    party,
    closeness: close === 0 && !isExact ? 1 : close,
    mixed: 0,
    featured: 0,
    recency,
  }
}

function closeness({ id, modelId, name }: Entry, query: string): number {
  const segment = modelId.slice(modelId.lastIndexOf('/') + 1)
  if ([modelId, segment, name].some((text) => isEqual(text, query))) return 0
  const form = joined(query)
  if (form !== '' && [segment, name].some((text) => joined(text).startsWith(form))) return 1
  const texts = [id, name].map((text) => ` ${runs(text).join(' ')} `)
  const terms = query.split(/\p{White_Space}+/u).map(runs)
  const read = terms.filter((term) => term.length > 0)
  const stands = (term: string[]) => texts.some((text) => text.includes(` ${spaced(term)}`))
  return read.length > 0 && read.every(stands) ? 2 : 3
}

/** One of several runs that ends in a digit must end where a run ends. */
function spaced(term: string[]): string {
  return term.length > 1 && /\p{N}$/u.test(term.at(-1) ?? '') ? `${term.join(' ')} ` : term.join(' ')
}

function isEqual(text: string, query: string): boolean {
  return fold(text) === fold(query) || (joined(query) !== '' && joined(text) === joined(query))
}

function joined(text: string): string {
  return runs(text).join('')
}

function runs(text: string): string[] {
  return fold(text).match(/\p{L}+|\p{N}+/gu) ?? []
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
