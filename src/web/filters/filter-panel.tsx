import { About } from '../about.tsx'
import { Dialog } from '../dialog.tsx'
import { plural } from '../format.ts'
import { Hidden, Icon } from '../icons.tsx'
import { type Filters, givenFilters, NO_OTHER_FILTERS } from '../state.ts'
import { filter } from '../store.ts'
import { useMedia } from '../use-media.ts'
import type { Facets } from '../wire.ts'
import { FilterFields } from './filter-fields.tsx'

interface FilterPanelProps {
  filters: Filters
  facets: Facets | undefined
  /** Where there is no place beside the view: whether they are called for. */
  isOpen: boolean
  onClose: () => void
}

/** The filters: beside the view, or in front of it on a small screen. */
export function FilterPanel({ filters, facets, isOpen, onClose }: FilterPanelProps) {
  const isSmall = useMedia('(max-width: 1000px)')
  const isAny = givenFilters(filters).some(([name]) => name !== 'query')
  const head = (
    <div class="filters-head">
      <h2 id="filters-title">Filters</h2>
      {isAny && (
        <button type="button" class="link" onClick={() => filter(NO_OTHER_FILTERS)}>
          Clear all
        </button>
      )}
      {isSmall && (
        <button type="button" class="icon-button" onClick={onClose}>
          <Icon name="close" />
          <Hidden>Close the filters</Hidden>
        </button>
      )}
    </div>
  )
  const fields = <FilterFields filters={filters} facets={facets} />
  if (!isSmall) {
    return (
      <aside class="filters" aria-labelledby="filters-title" tabIndex={-1}>
        {head}
        {fields}
        <About />
      </aside>
    )
  }
  if (!isOpen) return null
  return (
    <Dialog labelledBy="filters-title" class="sheet" onClose={onClose}>
      {head}
      {fields}
      <About />
      <div class="sheet-foot">
        <button type="button" class="button primary" onClick={onClose}>
          {facets === undefined ? 'Show the models' : `Show ${plural(facets.total, 'model')}`}
        </button>
      </div>
    </Dialog>
  )
}
