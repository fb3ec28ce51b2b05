import type { Filters } from '../state.ts'
import type { Facets } from '../wire.ts'

export interface FilterPanelProps {
  filters: Filters
  facets: Facets | undefined
  isOpen: boolean
  onClose: () => void
}

export function FilterPanel(_props: FilterPanelProps) {
  return <aside class="filters" aria-label="Filters" />
}
