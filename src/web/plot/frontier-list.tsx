import { date, money, tokens } from '../format.ts'
import type { Filters } from '../state.ts'
import { StateLink } from '../state-link.tsx'
import { isoDay } from './iso-day.ts'
import type { Axis, Placed } from './points.ts'

const EXPLAINED: Record<Axis, string> = {
  context: 'The cheapest models, free ones aside, for at least so much context.',
  released: 'The models that were the cheapest when they came, free ones aside.',
}

interface FrontierListProps {
  frontier: readonly Placed[]
  axis: Axis
  filters: Filters
}

/** The line of the plot in words: from the largest context or the newest model on. */
export function FrontierList({ frontier, axis, filters }: FrontierListProps) {
  return (
    <section class="frontier">
      <h2>
        <span class="frontier-line plot-frontier" aria-hidden="true" /> The frontier
      </h2>
      <p class="muted">{EXPLAINED[axis]}</p>
      {filters.capabilities === '' && (
        <p class="muted">
          Embeddings and transcription count, too:{' '}
          <StateLink to={{ filters: { capabilities: 'tool_call' } }}>only models that call tools</StateLink>
        </p>
      )}
      <ol>
        {frontier.toReversed().map(({ point: { id, name }, price, x }) => (
          <li key={id}>
            <span class="frontier-x">{axis === 'context' ? tokens(x) : date(isoDay(x))}</span>
            <StateLink to={{ model: id }} class="frontier-model">
              <bdi>{name}</bdi>
              <bdi class="id">{id}</bdi>
            </StateLink>
            <span class="number">{money(price)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
