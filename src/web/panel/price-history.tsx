import { date, money } from '../format.ts'
import { modelPath } from '../model-path.ts'
import type { ModelHistory } from '../model-wire.ts'
import { useAnswer } from '../use-answer.ts'
import { PricePlot } from './price-plot.tsx'
import { type PriceStep, priceSteps } from './price-steps.ts'

/** How the list prices changed; nothing where they did not. */
export function PriceHistory({ id }: { id: string }) {
  const { answer } = useAnswer<ModelHistory>(`history/${modelPath(id)}`)
  const steps = priceSteps(answer?.body.history ?? [])
  if (steps.length < 2) return null
  return (
    <section class="panel-section">
      <h3>Price history</h3>
      <div class="plot-legend" aria-hidden="true">
        <span class="series-input">Input</span>
        <span class="series-output">Output</span>
        <span class="muted">USD per 1M tokens</span>
      </div>
      <div class="price-plot">
        <PricePlot steps={steps} />
      </div>
      <ol class="steps" reversed>
        {steps.map((step, index) => <Step key={step.from} {...step} before={steps[index - 1]} />).reverse()}
      </ol>
    </section>
  )
}

function Step({ from, input, output, before }: PriceStep & { before: PriceStep | undefined }) {
  return (
    <li>
      <time dateTime={from}>{date(from.slice(0, 10))}</time>
      <Change name="in" before={before?.input} now={input} />
      <Change name="out" before={before?.output} now={output} />
    </li>
  )
}

function Change({
  name,
  before,
  now,
}: {
  name: string
  before: number | null | undefined
  now: number | null
}) {
  const isCut = typeof before === 'number' && now !== null && now < before
  const isRise = typeof before === 'number' && now !== null && now > before
  return (
    <span class="number">
      <span class="muted">{name}</span>{' '}
      {before !== undefined && before !== now && <span class="muted">{money(before)} → </span>}
      <span class={isCut ? 'cut' : isRise ? 'rise' : undefined}>{money(now)}</span>
    </span>
  )
}
