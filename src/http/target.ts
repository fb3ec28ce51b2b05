import type { QueryPair } from '../catalog/params.ts'
import { AppError } from '../errors.ts'

/** A request's URL, percent-decoded once. */
export interface Target {
  path: string
  pairs: readonly QueryPair[]
}

/** Most `name=value` pairs a query may have. */
const MAX_QUERY_PAIRS = 100

/** The scheme and authority of a target in absolute form, as requests to a proxy have it. */
const ABSOLUTE_FORM = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i

/** The path and query of a request target, still encoded; it always starts with a slash. */
export function originForm(url: string): string {
  if (url.startsWith('/')) return url
  const rest = url.replace(ABSOLUTE_FORM, '')
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** The path of a target in origin form, still encoded. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/)
  return end === -1 ? url : url.slice(0, end)
}

/**
 * Splits and decodes a target in origin form. It is all ASCII: Node's parser refuses other bytes.
 * @throws AppError `invalid`
 */
export function parseTarget(url: string): Target {
  if (url.includes('#')) throw new AppError('invalid', 'The URL holds a "#": write %23')
  const queryStart = url.indexOf('?')
  if (queryStart === -1) return { path: decodePercent(url), pairs: [] }
  return { path: decodePercent(url.slice(0, queryStart)), pairs: parsePairs(url.slice(queryStart + 1)) }
}

function parsePairs(query: string): QueryPair[] {
  const pairs: QueryPair[] = []
  for (const part of query.split('&')) {
    if (part === '') continue
    if (pairs.length === MAX_QUERY_PAIRS) {
      throw new AppError('invalid', `The query has more than ${MAX_QUERY_PAIRS} parameters`)
    }
    const equals = part.indexOf('=')
    const name = equals === -1 ? part : part.slice(0, equals)
    const value = equals === -1 ? '' : part.slice(equals + 1)
    pairs.push([decodeForm(name), decodeForm(value)])
  }
  return pairs
}

function decodeForm(text: string): string {
  return decodePercent(text.includes('+') ? text.replaceAll('+', ' ') : text)
}

function decodePercent(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new AppError('invalid', 'The URL is no valid percent-encoded UTF-8', { cause })
  }
}
