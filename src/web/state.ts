/** What makes a view, and how the URL's query says it. The filters are called as the service's parameters are. */

export type View = 'table' | 'plot' | 'cost' | 'compare' | 'changes'
const VIEWS: readonly View[] = ['table', 'plot', 'cost', 'compare', 'changes']

const FILTERS = [
  'query',
  'provider',
  'capabilities',
  'open_weights',
  'min_context',
  'max_context',
  'min_price',
  'max_price',
  'family',
  'status',
  'input_modality',
  'output_modality',
  'released_after',
] as const
export type Filter = (typeof FILTERS)[number]
/** As the service takes them: '' is not given, lists have a comma between their items. */
export type Filters = Readonly<Record<Filter, string>>

export const SORTS = ['relevance', 'newest', 'name', 'price', '-price', 'context', '-context'] as const
export type Sort = (typeof SORTS)[number]

export interface State {
  view: View
  filters: Filters
  sort: Sort
  /** The optional columns of the table; undefined: those that suit the screen. */
  columns: readonly string[] | undefined
  /** The model whose panel is open, by its id. */
  model: string | undefined
  /** The models to compare, by their ids. */
  compare: readonly string[]
  /** All else that the query holds, by name: the settings of single views. */
  options: Readonly<Record<string, string>>
}

export const NO_FILTERS = Object.fromEntries(FILTERS.map((name) => [name, ''])) as Filters
/** Clears all but what is searched for. */
export const NO_OTHER_FILTERS: Partial<Filters> = Object.fromEntries(
  FILTERS.filter((name) => name !== 'query').map((name) => [name, '']),
)
const OWN_NAMES: readonly string[] = ['view', ...FILTERS, 'sort', 'columns', 'model', 'compare']

export function readState(search: string): State {
  const query = new URLSearchParams(search)
  const columns = query.get('columns')
  const filters = FILTERS.map((name) => [name, query.get(name)?.trim() ?? ''])
  return {
    view: VIEWS.find((view) => view === query.get('view')) ?? 'table',
    filters: Object.fromEntries(filters) as Filters,
    sort: SORTS.find((sort) => sort === query.get('sort')) ?? 'relevance',
    columns: columns === null ? undefined : itemsOf(columns),
    model: query.get('model') || undefined,
    compare: [...new Set(query.getAll('compare').filter((id) => id !== ''))],
    options: Object.fromEntries([...query].filter(([name]) => !OWN_NAMES.includes(name))),
  }
}

/** The query of a state, `?` included; `.` for the bare page, so that it can be a link's target. */
export function writeState({ view, filters, sort, columns, model, compare, options }: State): string {
  const query = new URLSearchParams()
  if (view !== 'table') query.set('view', view)
  for (const [name, text] of givenFilters(filters)) query.set(name, text)
  if (sort !== 'relevance') query.set('sort', sort)
  if (columns !== undefined) query.set('columns', columns.join(','))
  if (model !== undefined) query.set('model', model)
  for (const id of compare) query.append('compare', id)
  for (const [name, value] of Object.entries(options)) query.set(name, value)
  // Slashes and commas mean nothing in a query, and a link is for people, too.
  const text = String(query).replaceAll('%2F', '/').replaceAll('%2C', ',').replaceAll('%3A', ':')
  return text === '' ? '.' : `?${text}`
}

/** The filters as parameters of a request. */
export function filterParams(filters: Filters): URLSearchParams {
  return new URLSearchParams(givenFilters(filters))
}

export function givenFilters(filters: Filters): [Filter, string][] {
  return FILTERS.filter((name) => filters[name] !== '').map((name) => [name, filters[name]])
}

export function itemsOf(list: string): string[] {
  return list.split(',').filter((item) => item !== '')
}
