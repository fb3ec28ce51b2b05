import type { Moment } from '../model-wire.ts'

/** The two list prices from a time on, USD per 1M tokens; null is unknown, or that the model was not there. */
export interface PriceStep {
  /** RFC 3339. */
  from: string
  input: number | null
  output: number | null
}

/** When the prices of a model changed, the oldest first; what it cost at first comes first. */
export function priceSteps(history: readonly Moment[]): PriceStep[] {
  const steps: PriceStep[] = []
  for (const { from, kind, cost } of history) {
    const isGone = kind === 'removed'
    const step = {
      from,
      input: isGone ? null : known(cost?.input),
      output: isGone ? null : known(cost?.output),
    }
    const last = steps.at(-1)
    if (last === undefined || last.input !== step.input || last.output !== step.output) steps.push(step)
  }
  return steps
}

function known(price: unknown): number | null {
  return typeof price === 'number' && price >= 0 ? price : null
}
