import { money, tokens, UNKNOWN, words } from '../format.ts'
import { Hidden } from '../icons.tsx'
import { StateLink } from '../state-link.tsx'
import { type News, percent, type Step } from './news.ts'

export function NewsRow({ news: { id, name, facts, steps } }: { news: News }) {
  return (
    <li class="news">
      <StateLink to={{ model: id }} class="news-model">
        {name !== undefined && <bdi class="news-name">{name}</bdi>}
        <bdi class="id">{id}</bdi>
      </StateLink>
      {facts !== undefined && <Facts {...facts} />}
      {steps.length > 0 && (
        <ul class="news-steps">
          {steps.map((step) => (
            <StepLine key={step.field} step={step} />
          ))}
        </ul>
      )}
    </li>
  )
}

function Facts({ cost, context }: NonNullable<News['facts']>) {
  return (
    <span class="news-facts">
      <span class="number">
        {money(cost?.input)} <span class="muted">in</span>
      </span>
      <span class="number">
        {money(cost?.output)} <span class="muted">out</span>
      </span>
      <span class="number news-context">
        {tokens(context)} <span class="muted">context</span>
      </span>
    </span>
  )
}

function StepLine({ step }: { step: Step }) {
  const { field, before, after } = step
  const change = percent(step)
  const isPrice = field.startsWith('cost.')
  const show = isPrice ? priceOf : textOf
  const isBetter = isPrice && Number(after) < Number(before)
  return (
    <li class={`step ${isPrice ? '' : 'is-status'}`}>
      {isPrice && <span class="muted">{words(field.slice('cost.'.length))}</span>}
      <span class="step-before">
        <Hidden>from</Hidden> {show(before)}
      </span>
      <span aria-hidden="true">→</span>
      <span class="step-after">
        <Hidden>to</Hidden> {show(after)}
      </span>
      {isPrice && <span class={`step-change ${isBetter ? 'is-better' : 'is-worse'}`}>{change}</span>}
    </li>
  )
}

function priceOf(value: unknown): string {
  return typeof value === 'number' ? money(value) : UNKNOWN
}

/** A status; a model without one is in service. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : 'in service'
}
