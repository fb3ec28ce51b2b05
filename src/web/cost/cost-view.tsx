import { count, plural } from '../format.ts'
import type { Ranking } from '../model-wire.ts'
import { RESULTS_ID } from '../search-box.tsx'
import { filterParams } from '../state.ts'
import { setOptions } from '../store.ts'
import type { ViewProps } from '../view-props.ts'
import { CostForm } from './cost-form.tsx'
import { CostTable } from './cost-table.tsx'
import { readUsage, usageParams } from './usage.ts'
import { useRanking } from './use-ranking.ts'

/** What each model in view would cost, the cheapest first. */
export function CostView({ state }: ViewProps) {
  const usage = readUsage(state.options)
  const used = usageParams(usage)
  const isWithoutFree = state.options.free === 'false'
  const params = filterParams(state.filters)
  for (const [name, value] of Object.entries(used ?? {})) params.set(name, value)
  if (isWithoutFree) params.set('free', 'false')
  const { ranking, error, isOld, more } = useRanking(used && `estimates?${params}`)
  return (
    <div id={RESULTS_ID} tabIndex={-1} class="cost-view">
      <h1 class="hidden">Cost</h1>
      <CostForm usage={usage} />
      <div class="cost-line">
        <p class="cost-count" role="status">
          {error?.message ?? (used === undefined ? NOTHING_USED : ranking && describe(ranking))}
        </p>
        <label class="check">
          <input
            type="checkbox"
            checked={isWithoutFree}
            onChange={() => setOptions({ free: isWithoutFree ? undefined : 'false' })}
          />
          Without free ones
        </label>
      </div>
      {used !== undefined && error === undefined && ranking !== undefined && (
        <CostTable ranking={ranking} isOld={isOld} onMore={more} />
      )}
    </div>
  )
}

const NOTHING_USED = 'Give a number of tokens and of requests.'

function describe({ results, total, priced }: Ranking): string {
  if (total === 0) return 'No model matches'
  const [first] = results
  return [
    `${plural(total, 'model')}, the cheapest first.`,
    ...(priced < total ? [`${count(total - priced)} without a known price for this come last.`] : []),
    ...(first?.estimate?.usd_total === '0' ? ['Free may be part of a subscription.'] : []),
  ].join(' ')
}
