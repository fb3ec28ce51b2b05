import { count, money, plural } from '../format.ts'
import { Hidden, Icon } from '../icons.tsx'
import type { Estimate, RankedModel, Ranking } from '../model-wire.ts'
import { Scroller } from '../scroller.tsx'
import { StateLink } from '../state-link.tsx'
import type { Entry } from '../wire.ts'

interface CostTableProps {
  /** As far as it is loaded. */
  ranking: Ranking
  /** Whether other figures are on their way. */
  isOld: boolean
  onMore: () => void
}

export function CostTable({ ranking: { results, total, priced }, isOld, onMore }: CostTableProps) {
  const unpriced = results.slice(priced)
  return (
    <Scroller class="cost-scroller" label="Costs" isBusy={isOld}>
      {priced > 0 && (
        <table class="cost-table">
          <thead>
            <tr>
              <th scope="col" class="number rank">
                <Hidden>Rank</Hidden>
              </th>
              <th scope="col">Model</th>
              <th scope="col" class="number per-request">
                Per request
              </th>
              <th scope="col" class="number">
                Per month
              </th>
            </tr>
          </thead>
          <tbody>
            {results.map(
              ({ entry, estimate }, index) =>
                estimate !== null && (
                  <RankedRow key={entry.id} rank={index + 1} entry={entry} estimate={estimate} />
                ),
            )}
          </tbody>
        </table>
      )}
      {unpriced.length > 0 && (
        <section class="unpriced">
          <h2>{plural(total - priced, 'model')} without a price for this</h2>
          <p class="muted">Unknown is not free: these cannot be ranked.</p>
          <ul>
            {unpriced.map((one) => (
              <li key={one.entry.id}>
                <Model entry={one.entry} />
                <span class="muted">{reasonOf(one)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {results.length < total && (
        <>
          <button type="button" class="button more" onClick={onMore}>
            <Icon name="down" /> Show more
          </button>
          <p class="print-note">
            The first {count(results.length)} of {plural(total, 'model')}. “Show more” brings in others before
            printing.
          </p>
        </>
      )}
    </Scroller>
  )
}

/** The id stands beside it already. */
function reasonOf({ entry, error }: RankedModel): string {
  return error?.detail.replace(`${entry.id}: `, '') ?? 'its price is unknown'
}

interface RankedRowProps {
  rank: number
  entry: Entry
  estimate: Estimate
}

function RankedRow({ rank, entry, estimate }: RankedRowProps) {
  const { usd_per_request: perRequest, usd_total: total, warnings } = estimate
  return (
    <tr class={entry.status === 'deprecated' ? 'is-deprecated' : undefined}>
      <td class="number rank">{count(rank)}</td>
      <th scope="row">
        <Model entry={entry} />
        {warnings.map((warning) => (
          <span key={warning} class="cost-warning">
            <Icon name="warning" /> {withSeparators(warning)}
          </span>
        ))}
      </th>
      <td {...amount(perRequest, 'per-request')}>{money(Number(perRequest))}</td>
      <td {...amount(total)}>
        {money(Number(total))}
        {/* Where there is no room for a column of its own. */}
        {total !== '0' && <span class="beneath">{money(Number(perRequest))} each</span>}
      </td>
    </tr>
  )
}

/** The service writes numbers as programs read them. */
function withSeparators(text: string): string {
  return text.replace(/\d{4,}/g, (digits) => count(Number(digits)))
}

/** Rounded for the eye; the tip has it to the last digit. */
function amount(usd: string, name = '') {
  const isFree = usd === '0'
  return {
    class: `number ${name} ${isFree ? 'free' : ''}`,
    'data-tip': isFree ? undefined : `$${usd} exactly`,
  }
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
