import type { QueryPair } from '../catalog/params.ts'
import type { Exchange } from './exchange.ts'
import type { Target } from './target.ts'

/** Which part of a list an answer holds. */
export interface Page {
  offset: number
  limit: number
  total: number
}

/** Adds `Link` to an answer; a list that is sent whole has no other pages. */
export function addPageLinks(exchange: Exchange, { pairs }: Target, page: Page): void {
  if (!Number.isFinite(page.limit)) return
  exchange.headers = [...exchange.headers, 'Link', pageLinks(pairs, page)]
}

/** The value of `Link` (RFC 8288): where the other pages are, relative to the request, its other parameters kept. */
function pageLinks(pairs: readonly QueryPair[], { offset, limit, total }: Page): string {
  // The last page is one that going on from this one leads to.
  const shift = offset % limit
  const last = total > shift ? total - 1 - ((total - 1 - shift) % limit) : 0
  const links: [relation: string, offset: number][] = [['first', 0]]
  if (offset > 0) links.push(['prev', Math.min(Math.max(0, offset - limit), last)])
  if (offset + limit < total) links.push(['next', offset + limit])
  links.push(['last', last])
  return links.map(([relation, to]) => `<?${queryAt(pairs, to)}>; rel="${relation}"`).join(', ')
}

function queryAt(pairs: readonly QueryPair[], offset: number): URLSearchParams {
  const query = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value]))
  query.set('offset', String(offset))
  return query
}
