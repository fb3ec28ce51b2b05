import { plural } from '../format.ts'
import { Hidden, Icon } from '../icons.tsx'
import { StateLink } from '../state-link.tsx'
import { update } from '../store.ts'
import { MIN_COMPARED, toggled } from './chosen.ts'

/** What is chosen to compare so far, at the foot of the page. */
export function CompareTray({ ids }: { ids: readonly string[] }) {
  if (ids.length === 0) return null
  return (
    <aside class="tray" aria-label="Chosen to compare" tabIndex={-1}>
      <p class="tray-count" role="status">
        {plural(ids.length, 'model')}
        <Hidden>chosen to compare</Hidden>
      </p>
      <ul class="tray-models">
        {ids.map((id) => (
          <li key={id} class="tray-model">
            <bdi>{id}</bdi>
            <button
              type="button"
              class="icon-button"
              data-tip="Take out"
              onClick={() => update({ compare: toggled(ids, id) })}
            >
              <Icon name="close" />
              <Hidden>Take {id} out</Hidden>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="link" onClick={() => update({ compare: [] })}>
        Clear
      </button>
      {ids.length < MIN_COMPARED ? (
        <span class="muted tray-hint">Choose another</span>
      ) : (
        <StateLink to={{ view: 'compare' }} class="button primary">
          Compare
        </StateLink>
      )}
    </aside>
  )
}
