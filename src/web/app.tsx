import { useEffect, useState } from 'preact/hooks'
import { CompareTray } from './compare/compare-tray.tsx'
import { ConnectionNotice } from './connection-notice.tsx'
import { FilterPanel } from './filters/filter-panel.tsx'
import { Header } from './header.tsx'
import { ModelPanel } from './panel/model-panel.tsx'
import { filterParams } from './state.ts'
import { useAppState } from './store.ts'
import { useAnswer } from './use-answer.ts'
import { VIEWS } from './views.ts'
import type { Facets } from './wire.ts'

/** The page: what is searched and filtered above and beside, a view of what is left, and the panel of one model. */
export function App() {
  const state = useAppState()
  const [areFiltersOpen, setFiltersOpen] = useState(false)
  const params = filterParams(state.filters)
  params.set('ignore_own', 'true')
  const facets = useAnswer<Facets>(`facets?${params}`)
  const entry = VIEWS.find(({ view }) => view === state.view) ?? VIEWS[0]
  useEffect(() => {
    const { query } = state.filters
    document.title = [query, entry?.title, 'modeldex'].filter(Boolean).join(' · ')
  }, [state.filters.query, entry?.title])
  return (
    <>
      <a class="skip" href="#main">
        Skip to the models
      </a>
      <Header state={state} onFilters={() => setFiltersOpen(true)} />
      <ConnectionNotice />
      <div class="body">
        <FilterPanel
          filters={state.filters}
          facets={facets.answer?.body}
          isOpen={areFiltersOpen}
          onClose={() => setFiltersOpen(false)}
        />
        <main id="main" tabIndex={-1} class="main">
          {entry !== undefined && <entry.Component state={state} facets={facets.answer?.body} />}
        </main>
      </div>
      {state.view !== 'compare' && <CompareTray ids={state.compare} />}
      {state.model !== undefined && <ModelPanel id={state.model} />}
    </>
  )
}
