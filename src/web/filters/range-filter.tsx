import { count } from '../format.ts'
import { filter } from '../store.ts'
import type { Histogram } from '../wire.ts'
import { boundAt, lastNotch, notchOf, type Scale } from './scale.ts'

interface RangeFilterProps {
  title: string
  /** What the thumbs bound, for their names. */
  what: string
  scale: Scale
  names: readonly [min: 'min_price' | 'min_context', max: 'max_price' | 'max_context']
  /** The bounds, as the filters have them; '' for none. */
  min: string
  max: string
  histogram: Histogram | undefined
}

/** A range between two thumbs, below a histogram of what there is. */
export function RangeFilter({ title, what, scale, names, min, max, histogram }: RangeFilterProps) {
  const last = lastNotch(scale)
  const [least, most] = [boundOf(min), boundOf(max)]
  const low = least === undefined ? 0 : Math.round(notchOf(scale, least))
  const high = most === undefined ? last : Math.round(notchOf(scale, most))
  const [minName, maxName] = names
  // A bound that a link gives may stand between two notches: it stays as it is until it would be in the way.
  const setMin = (notch: number) => {
    const bound = boundAt(scale, notch)
    const isBeyond = most !== undefined && bound !== '' && Number(bound) > most
    filter({ [minName]: bound, ...(isBeyond && { [maxName]: bound }) }, minName)
  }
  const setMax = (notch: number) => {
    const bound = boundAt(scale, notch)
    const isBeyond = least !== undefined && bound !== '' && Number(bound) < least
    filter({ [maxName]: bound, ...(isBeyond && { [minName]: bound }) }, maxName)
  }
  const lowest = least === undefined ? 'any' : scale.show(least)
  const highest = most === undefined ? 'any' : scale.show(most)
  const isBounded = least !== undefined || most !== undefined
  const unknown = histogram?.unknown ?? 0
  // Where one thumb's part of the line ends and the other's begins; neither is so short that it cannot move.
  const middle = low + high <= last ? Math.ceil((low + high) / 2) : Math.floor((low + high) / 2)
  return (
    <fieldset class="filter">
      <legend>{title}</legend>
      <p class="range-shown">
        {describe(lowest, highest)}
        {/* Beside it: nothing may move while a thumb is dragged. */}
        {isBounded && unknown > 0 && <span class="note">not the {count(unknown)} unknown</span>}
      </p>
      <Bars scale={scale} histogram={histogram} low={low} high={high} />
      <div class="thumbs" style={{ '--low': low / last, '--middle': middle / last, '--high': high / last }}>
        <input
          type="range"
          min={0}
          max={middle}
          value={low}
          aria-label={`Lowest ${what}`}
          aria-valuetext={lowest}
          onInput={({ currentTarget }) => setMin(Math.min(Number(currentTarget.value), last - 1))}
        />
        <input
          type="range"
          min={middle}
          max={last}
          value={high}
          aria-label={`Highest ${what}`}
          aria-valuetext={highest}
          onInput={({ currentTarget }) => setMax(Math.max(Number(currentTarget.value), 1))}
        />
      </div>
    </fieldset>
  )
}

/** A link may hold anything: what is no number bounds nothing. */
function boundOf(text: string): number | undefined {
  const bound = Number(text)
  return text === '' || Number.isNaN(bound) ? undefined : bound
}

function describe(lowest: string, highest: string): string {
  if (lowest === 'any') return highest === 'any' ? 'Any' : highest === 'free' ? 'free' : `up to ${highest}`
  if (lowest === highest) return lowest
  return highest === 'any' ? `from ${lowest}` : `${lowest} to ${highest}`
}

type BarsProps = Pick<RangeFilterProps, 'scale' | 'histogram'> & { low: number; high: number }

function Bars({ scale, histogram, low, high }: BarsProps) {
  const last = lastNotch(scale)
  const buckets = histogram?.buckets ?? []
  const most = Math.max(1, ...buckets.map(({ count }) => count))
  return (
    <div class="bars" aria-hidden="true">
      {buckets.map(({ min, max, count: models }, place) => {
        const from = place === 0 ? 0 : notchOf(scale, min)
        const to = max === null ? last : notchOf(scale, max)
        const isOut = to <= low || from >= high
        return (
          models > 0 && (
            <span
              key={min}
              class={`bar ${isOut ? 'is-out' : ''}`}
              style={{ '--from': from / last, '--to': to / last, '--height': models / most }}
              data-tip={`${describe(place === 0 ? 'any' : scale.show(min), max === null ? 'any' : scale.show(max))}: ${count(models)}`}
            />
          )
        )
      })}
    </div>
  )
}
