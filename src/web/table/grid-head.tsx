import type { Sort } from '../state.ts'
import { update } from '../store.ts'
import type { Column } from './columns.tsx'

/** Which way each sort goes, for `aria-sort`. */
const DIRECTIONS: Partial<Record<Sort, 'ascending' | 'descending'>> = {
  name: 'ascending',
  price: 'ascending',
  '-price': 'descending',
  context: 'descending',
  '-context': 'ascending',
  newest: 'descending',
}

interface GridHeadProps {
  columns: readonly Column[]
  sort: Sort
}

export function GridHead({ columns, sort }: GridHeadProps) {
  return (
    <div role="rowgroup" class="head">
      <div role="row" class="row" aria-rowindex={1}>
        <Head title="Model" place={1} sort={sort} sorts={['name']} />
        {columns.map((column, index) => (
          <Head key={column.name} {...column} place={index + 2} sort={sort} />
        ))}
      </div>
    </div>
  )
}

type HeadProps = Pick<Column, 'title' | 'hint' | 'isNumber' | 'sorts'> & { place: number; sort: Sort }

function Head({ title, hint, isNumber, sorts, place, sort }: HeadProps) {
  const isSorted = sorts?.includes(sort) === true
  const direction = isSorted ? DIRECTIONS[sort] : undefined
  return (
    <div
      role="columnheader"
      class={`cell ${isNumber ? 'number' : ''}`}
      aria-colindex={place}
      aria-sort={direction ?? (sorts === undefined ? undefined : 'none')}
      data-tip={sorts === undefined ? hint : undefined}
    >
      {sorts === undefined ? (
        title
      ) : (
        <button
          type="button"
          class="sort"
          data-tip={hint}
          onClick={() => update({ sort: nextSort(sorts, sort) })}
        >
          {title}
          <span aria-hidden="true" class="direction">
            {direction === undefined ? '' : direction === 'ascending' ? '↑' : '↓'}
          </span>
        </button>
      )}
    </div>
  )
}

/** First one way, then the other where there is one, then back to the usual order. */
function nextSort(sorts: readonly Sort[], sort: Sort): Sort {
  return sorts[sorts.indexOf(sort) + 1] ?? 'relevance'
}
