import { useState } from 'preact/hooks'
import { money, tokens } from '../format.ts'
import { modelPath } from '../model-path.ts'
import type { Offer, OfferList } from '../model-wire.ts'
import { usePrinting } from '../printing.ts'
import { StateLink } from '../state-link.tsx'
import { useAnswer } from '../use-answer.ts'
import { cheapestOf, doubtOf } from './offer-marks.ts'

/** How many are shown until all are asked for. */
const FEW = 6

/** The same model at every provider that has it, the cheapest first. */
export function Offers({ id }: { id: string }) {
  const { answer, error } = useAnswer<OfferList>(`offers/${modelPath(id)}`)
  const [isUnfolded, setUnfolded] = useState(false)
  const isWhole = usePrinting() || isUnfolded
  const offers = answer?.body.offers ?? []
  const cheapest = cheapestOf(offers)
  // This one stays in sight, wherever it stands.
  const shown = offers.filter((offer, index) => isWhole || index < FEW || offer.entry.id === id)
  return (
    <section class="panel-section">
      <h3>{offers.length > 1 ? `${offers.length} offers of this model` : 'Other offers'}</h3>
      {error !== undefined && <p class="muted">{error.message}</p>}
      {answer !== undefined && offers.length < 2 && (
        <p class="muted">No other provider is known to have it.</p>
      )}
      {offers.length > 1 && (
        <ul class="offers">
          {shown.map((offer) => (
            <OfferRow
              key={offer.entry.id}
              offer={offer}
              isThis={offer.entry.id === id}
              isCheapest={cheapest.has(offer)}
            />
          ))}
        </ul>
      )}
      {shown.length < offers.length && (
        <button type="button" class="link" onClick={() => setUnfolded(true)}>
          Show all {offers.length}
        </button>
      )}
    </section>
  )
}

interface OfferRowProps {
  offer: Offer
  /** Whether it is the one that the panel is about. */
  isThis: boolean
  isCheapest: boolean
}

function OfferRow({ offer, isThis, isCheapest }: OfferRowProps) {
  const { entry, is_free: isFree } = offer
  const doubt = doubtOf(offer)
  return (
    <li class={`offer ${isThis ? 'is-this' : ''}`}>
      <span class="offer-name">
        {isThis ? (
          <bdi class="offer-id">{entry.id}</bdi>
        ) : (
          <StateLink to={{ model: entry.id }} class="offer-id">
            <bdi>{entry.id}</bdi>
          </StateLink>
        )}
        {isThis && <span class="tag">this one</span>}
        {isCheapest && <span class="tag good">cheapest</span>}
        {isFree && <span class="tag">free or by subscription</span>}
        {entry.status !== null && <span class="tag warn">{entry.status}</span>}
        {doubt !== undefined && <span class="offer-doubt">{doubt}</span>}
      </span>
      <span class="offer-figures">
        <span class="number">
          {money(entry.cost?.input)} <span class="muted">in</span>
        </span>
        <span class="number">
          {money(entry.cost?.output)} <span class="muted">out</span>
        </span>
        <span class="number">
          {tokens(entry.limits?.context)} <span class="muted">context</span>
        </span>
      </span>
    </li>
  )
}
