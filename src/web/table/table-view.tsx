import type { RequestError } from '../api.ts'
import { plural } from '../format.ts'
import { Hidden } from '../icons.tsx'
import {
  type Filters,
  givenFilters,
  NO_FILTERS,
  NO_OTHER_FILTERS,
  SORTS,
  type Sort,
  type State,
} from '../state.ts'
import { StateLink } from '../state-link.tsx'
import { filter, update } from '../store.ts'
import type { ViewProps } from '../view-props.ts'
import { ColumnMenu } from './column-menu.tsx'
import { Grid } from './grid.tsx'
import { type List, listBase } from './row-loader.ts'
import { useRows } from './use-rows.ts'
import { useUsualColumns } from './use-usual-columns.ts'

const SORT_TITLES: Record<Sort, string> = {
  relevance: 'Best first',
  newest: 'Newest first',
  name: 'By name',
  price: 'Cheapest first',
  '-price': 'Dearest first',
  context: 'Largest context first',
  '-context': 'Smallest context first',
}

/** The models that match, as a table. */
export function TableView({ state }: ViewProps) {
  const { list, isLoading, want } = useRows(listBase(state))
  const usual = useUsualColumns()
  const columns = state.columns ?? usual
  return (
    <div class="table-view">
      <div class="toolbar">
        <h1 class="hidden">Models</h1>
        <p role="status" class="count">
          {list !== undefined &&
            (list.error === undefined ? plural(list.total, 'model') : <Hidden>{list.error.message}</Hidden>)}
        </p>
        {list !== undefined && list.total > 0 && hasPrices(state) && (
          <p class="unit">Prices in USD per 1M tokens</p>
        )}
        <label class="select">
          <span class="hidden">Order</span>
          <select
            value={state.sort}
            onChange={(event) => {
              const { value } = event.currentTarget
              update({ sort: SORTS.find((sort) => sort === value) ?? 'relevance' })
            }}
          >
            {SORTS.map((sort) => (
              <option key={sort} value={sort}>
                {SORT_TITLES[sort]}
              </option>
            ))}
          </select>
        </label>
        <ColumnMenu shown={columns} isUsual={state.columns === undefined} />
      </div>
      {list !== undefined && list.total > 0 && (
        <Grid state={state} columns={columns} list={list} isLoading={isLoading} want={want} />
      )}
      {list !== undefined && list.total === 0 && <Nothing list={list} filters={state.filters} />}
    </div>
  )
}

function hasPrices({ columns }: State): boolean {
  return columns === undefined || columns.includes('input') || columns.includes('output')
}

/** Where nothing matches: why, what may have been meant, and the way out. */
function Nothing({ list: { suggestions, error }, filters }: { list: List; filters: Filters }) {
  return (
    <div class="nothing">
      <p class="nothing-title">{titleOf(error)}</p>
      {error !== undefined && <p>{error.message}</p>}
      {suggestions.length > 0 && (
        <p>
          Did you mean{' '}
          {suggestions.map((suggestion, index) => (
            <span key={suggestion}>
              {index > 0 && (index === suggestions.length - 1 ? ' or ' : ', ')}
              <button type="button" class="link" onClick={() => filter({ query: suggestion })}>
                {suggestion}
              </button>
            </span>
          ))}
          ?
        </p>
      )}
      <WaysOut filters={filters} />
    </div>
  )
}

function titleOf(error: RequestError | undefined): string {
  if (error === undefined) return 'No model matches'
  return error.status < 500 ? 'That cannot be asked' : 'The service failed'
}

function WaysOut({ filters }: { filters: Filters }) {
  const { query } = filters
  const isFiltered = givenFilters(filters).some(([name]) => name !== 'query')
  return (
    <p>
      {isFiltered && <StateLink to={{ filters: NO_OTHER_FILTERS }}>Clear the filters</StateLink>}
      {isFiltered && query !== '' && ' or '}
      {query !== '' && <StateLink to={{ filters: NO_FILTERS }}>Start afresh</StateLink>}
    </p>
  )
}
