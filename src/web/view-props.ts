import type { State } from './state.ts'
import type { Facets } from './wire.ts'

/** What a view is made from; it follows the filters by itself. */
export interface ViewProps {
  state: State
  /** Counts under the filters, each without its own; undefined until they have come. */
  facets: Facets | undefined
}
