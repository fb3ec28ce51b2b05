import { money, plural } from '../format.ts'
import { Hidden, Icon } from '../icons.tsx'
import { Scroller } from '../scroller.tsx'
import { StateLink } from '../state-link.tsx'
import type { Entry } from '../wire.ts'
import type { Ranked, Unpriced } from './ranking.ts'

interface CostTableProps {
  ranked: readonly Ranked[]
  unpriced: readonly Unpriced[]
  /** Whether other figures are on their way. */
  isOld: boolean
}

export function CostTable({ ranked, unpriced, isOld }: CostTableProps) {
  return (
    <Scroller class="cost-scroller" label="Costs" isBusy={isOld}>
      {ranked.length > 0 && (
        <table class="cost-table">
          <thead>
            <tr>
              <th scope="col" class="number rank">
                <Hidden>Rank</Hidden>
              </th>
              <th scope="col">Model</th>
              <th scope="col" class="number">
                Per request
              </th>
              <th scope="col" class="number">
                Per month
              </th>
            </tr>
          </thead>
          <tbody>
            {ranked.map(({ entry, estimate }, index) => (
              <tr key={entry.id} class={entry.status === 'deprecated' ? 'is-deprecated' : undefined}>
                <td class="number rank">{index + 1}</td>
                <th scope="row">
                  <Model entry={entry} />
                  {estimate.warnings.map((warning) => (
                    <span key={warning} class="cost-warning">
                      <Icon name="warning" /> {warning}
                    </span>
                  ))}
                </th>
                <Amount usd={estimate.usd_per_request} />
                <Amount usd={estimate.usd_total} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {unpriced.length > 0 && (
        <section class="unpriced">
          <h2>{plural(unpriced.length, 'model')} without a price for this</h2>
          <p class="muted">Unknown is not free: these cannot be ranked.</p>
          <ul>
            {unpriced.map(({ entry, reason }) => (
              <li key={entry.id}>
                <Model entry={entry} />
                <span class="muted">{reason}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Scroller>
  )
}

function Model({ entry }: { entry: Entry }) {
  return (
    <span class="cost-model">
      <StateLink to={{ model: entry.id }} class="name">
        <bdi>{entry.name ?? entry.id}</bdi>
      </StateLink>
      <bdi class="id">{entry.id}</bdi>
      {entry.status !== null && (
        <span class={`status ${entry.status === 'deprecated' ? 'gone' : ''}`}>{entry.status}</span>
      )}
    </span>
  )
}

/** Rounded for the eye; the tip has it to the last digit. */
function Amount({ usd }: { usd: string }) {
  const shown = money(Number(usd))
  return (
    <td
      class={`number ${shown === 'free' ? 'free' : ''}`}
      data-tip={shown === 'free' ? undefined : `$${usd} exactly`}
    >
      {shown}
    </td>
  )
}
