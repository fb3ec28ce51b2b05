import { filterParams, type State } from '../state.ts'

/** What people look for among the changes, and which request finds it. */
export const NEWS_KINDS = ['new', 'cuts', 'rises', 'status', 'removed'] as const
export type NewsKind = (typeof NEWS_KINDS)[number]

export const KIND_TITLES: Record<NewsKind, string> = {
  new: 'New models',
  cuts: 'Price cuts',
  rises: 'Price rises',
  status: 'Status',
  removed: 'Removed',
}

/** How many are asked for at once: the most that the service gives. */
const PAGE_ROWS = 100

export function newsKindOf({ options }: State): NewsKind {
  return NEWS_KINDS.find((kind) => kind === options.what) ?? 'new'
}

/** The request for a kind of news, without its place. New models follow all filters, the history knows providers. */
export function newsPath(kind: NewsKind, { filters }: State): string {
  if (kind === 'new') {
    const params = filterParams(filters)
    params.set('sort', 'newest')
    params.set('limit', String(PAGE_ROWS))
    return `models?${params}`
  }
  const params = new URLSearchParams({ limit: String(PAGE_ROWS) })
  if (filters.provider !== '') params.set('provider', filters.provider)
  if (kind === 'removed') params.set('kind', 'removed')
  else params.set('field', kind === 'status' ? 'status' : 'cost')
  return `changes?${params}`
}
