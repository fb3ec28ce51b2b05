import { count, plural } from '../format.ts'
import { RESULTS_ID } from '../search-box.tsx'
import { filterParams } from '../state.ts'
import { useAnswer } from '../use-answer.ts'
import type { ViewProps } from '../view-props.ts'
import type { ModelList } from '../wire.ts'
import { CostForm } from './cost-form.tsx'
import { CostTable } from './cost-table.tsx'
import { ranking } from './ranking.ts'
import { estimateBody, readUsage } from './usage.ts'
import { BATCH_MODELS, useEstimates } from './use-estimates.ts'

/** How many models are reckoned at most. */
const MAX_MODELS = 2 * BATCH_MODELS

/** What each model in view would cost, the cheapest first. */
export function CostView({ state }: ViewProps) {
  const usage = readUsage(state.options)
  const params = filterParams(state.filters)
  if (state.sort !== 'relevance') params.set('sort', state.sort)
  params.set('limit', String(BATCH_MODELS))
  const first = useAnswer<ModelList>(`models?${params}`)
  const total = first.answer?.body.total ?? 0
  params.set('offset', String(BATCH_MODELS))
  const second = useAnswer<ModelList>(
    !first.isLoading && total > BATCH_MODELS ? `models?${params}` : undefined,
  )
  const entries = [
    ...(first.answer?.body.models ?? []),
    ...(total > BATCH_MODELS ? (second.answer?.body.models ?? []) : []),
  ]
  const { results, error, isOld } = useEstimates(
    entries.map(({ id }) => id),
    usage,
  )
  const { ranked, unpriced } = ranking(entries, results)
  const isEmpty = estimateBody(usage, ['']) === undefined
  const failure = first.error ?? second.error ?? error
  return (
    <div id={RESULTS_ID} tabIndex={-1} class="cost-view">
      <h1 class="hidden">Cost</h1>
      <CostForm usage={usage} />
      <p class="cost-count" role="status">
        {failure?.message ??
          (isEmpty
            ? 'Give a number of tokens and of requests.'
            : describe(total, first.answer === undefined))}
      </p>
      {!isEmpty && failure === undefined && <CostTable ranked={ranked} unpriced={unpriced} isOld={isOld} />}
    </div>
  )
}

function describe(total: number, isFirst: boolean): string {
  if (isFirst) return ''
  if (total === 0) return 'No model matches'
  if (total <= MAX_MODELS) return `${plural(total, 'model')}, the cheapest first`
  return `The first ${count(MAX_MODELS)} of ${count(total)} models in the order of the table, the cheapest first. Filters bring in others.`
}
