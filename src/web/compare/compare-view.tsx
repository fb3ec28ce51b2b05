import { CopyButton } from '../copy-button.tsx'
import { RESULTS_ID } from '../search-box.tsx'
import { StateLink } from '../state-link.tsx'
import { setOptions } from '../store.ts'
import type { ViewProps } from '../view-props.ts'
import { MAX_COMPARED, MIN_COMPARED } from './chosen.ts'
import { CompareTable } from './compare-table.tsx'
import { useModels } from './use-models.ts'

/** Two to six models side by side. */
export function CompareView({ state }: ViewProps) {
  // A link may name more than are shown.
  const ids = state.compare.slice(0, MAX_COMPARED)
  const models = useModels(ids)
  const isShort = state.options.only === 'differences'
  return (
    <div id={RESULTS_ID} tabIndex={-1} class="compare-view">
      <div class="toolbar">
        <h1 class="view-title">Compare</h1>
        {ids.length > 0 && (
          <>
            <label class="check">
              <input
                type="checkbox"
                checked={isShort}
                onChange={() => setOptions({ only: isShort ? undefined : 'differences' })}
              />
              Only differences
            </label>
            <CopyButton text={location.href} what="link to this comparison" icon="link" />
          </>
        )}
      </div>
      {ids.length === 0 && (
        <div class="nothing">
          <p class="nothing-title">Nothing is chosen yet</p>
          <p>Choose two to six models by the compare button of a row, or of a model’s panel.</p>
          <p>
            <StateLink to={{ view: 'table' }}>To the models</StateLink>
          </p>
        </div>
      )}
      {ids.length > 0 && ids.length < MIN_COMPARED && (
        <p class="view-hint">
          One model is chosen. Choose <StateLink to={{ view: 'table' }}>another one</StateLink> beside it.
        </p>
      )}
      {state.compare.length > MAX_COMPARED && (
        <p class="view-hint">The link names {state.compare.length} models; the first six are shown.</p>
      )}
      {ids.length > 0 && <CompareTable ids={ids} models={models} isShort={isShort} />}
    </div>
  )
}
