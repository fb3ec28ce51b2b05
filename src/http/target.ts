import type { QueryPair } from '../catalog/params.ts'
import { AppError } from '../errors.ts'
import type { Handler, Target } from './context.ts'

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

/** Decodes the URL for the routes. What cannot be decoded is refused, on unknown paths too. */
export const decodeTarget: Handler = (request, response, next) => {
  response.locals.target = parseTarget(request.originalUrl)
  next()
}

/**
 * Splits and decodes a target in origin form. It is all ASCII: Node's parser refuses other bytes.
 * @throws AppError `invalid`
 */
function parseTarget(url: string): Target {
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
