import { Hidden, Icon } from './icons.tsx'
import { SearchBox } from './search-box.tsx'
import { givenFilters, type State } from './state.ts'
import { StateLink } from './state-link.tsx'
import { VIEWS } from './views.ts'

interface HeaderProps {
  state: State
  /** Where the filters have no place beside the view, they are called for. */
  onFilters: () => void
}

export function Header({ state, onFilters }: HeaderProps) {
  const given = givenFilters(state.filters).filter(([name]) => name !== 'query').length
  return (
    <header class="top">
      <a class="brand" href=".">
        <img src="assets/icon.svg" alt="" width="24" height="24" />
        modeldex
      </a>
      <SearchBox state={state} />
      <button type="button" class="button open-filters" onClick={onFilters}>
        <Icon name="filter" /> Filters{given > 0 && <span class="badge">{given}</span>}
        {given > 0 && <Hidden>in use</Hidden>}
      </button>
      <Views state={state} />
      <p class="print-note" aria-hidden="true">
        {location.href}
      </p>
    </header>
  )
}

function Views({ state }: { state: State }) {
  return (
    <nav class="views" aria-label="Views">
      {VIEWS.map(({ view, title }) => (
        <StateLink key={view} to={{ view }} aria-current={view === state.view ? 'page' : undefined}>
          {title}
        </StateLink>
      ))}
    </nav>
  )
}
