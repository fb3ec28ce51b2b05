/** Finds in a text what a query matched in it, by the service's rules: docs/api.md, "How text matches". */

/** Fewest letters that a term without a digit needs to be looked for across punctuation. */
const MIN_JOINED_LENGTH = 5
const NEITHER = '[^\\p{L}\\p{N}]'

/** Finds what the terms of a query match; undefined where there is nothing to look for. */
export type Marker = RegExp | undefined

export function markerOf(query: string): Marker {
  const terms = query.normalize('NFKC').toLowerCase().split(/\s+/u).filter(Boolean)
  const readable = terms.filter((term) => /[\p{L}\p{N}]/u.test(term))
  const sought = readable.length > 0 ? readable : terms
  if (sought.length === 0) return undefined
  // The longest first: of several that begin at one place a regular expression takes the first.
  const longestFirst = sought.sort((one, other) => other.length - one.length)
  return new RegExp(longestFirst.flatMap(patternsOf).join('|'), 'giu')
}

/** As it stands; and with other punctuation, from the start of a stretch of letters or digits on. */
function patternsOf(term: string): string[] {
  const patterns = [RegExp.escape(term)]
  const runs = term.match(/\p{L}+|\p{N}+/gu) ?? []
  const [first = ''] = runs
  const characters = [...runs.join('')]
  const start = /^\p{L}/u.test(first) ? '(?<!\\p{L})' : '(?<!\\p{N})'
  const hasDigit = /\p{N}/u.test(term)
  const hasLetter = /\p{L}/u.test(term)
  if (hasLetter && (hasDigit || characters.length >= MIN_JOINED_LENGTH)) {
    patterns.push(start + characters.join(`${NEITHER}*`))
  } else if (!hasLetter && hasDigit) {
    const end = runs.length > 1 ? '(?!\\p{N})' : ''
    patterns.push(start + runs.join(`${NEITHER}+`) + end)
  }
  return patterns
}
