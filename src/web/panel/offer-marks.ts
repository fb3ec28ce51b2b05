import type { Offer } from '../model-wire.ts'

/** How an offer is known to be of a model where only its id tells it: docs/offers.md. */
const BY_ID: Readonly<Record<string, string>> = {
  same_model_id: 'the same model id',
  region: 'the model id but for its region',
  bedrock_id: 'the model id as Amazon Bedrock writes it',
  tag: 'the model id but for a tag',
  precision: 'the model id but for the precision',
  hosting: 'the model id but for how it is hosted',
  name_in_front: 'the model id but for a name in front',
  dated_id: 'the model id but for its date',
}

/** Why an offer is taken for one of the model; undefined where that is certain. */
export function doubtOf({ is_certain: isCertain, matched_by: rule }: Offer): string | undefined {
  if (isCertain) return undefined
  return `Likely, not certain: told by ${Object.hasOwn(BY_ID, rule) ? BY_ID[rule] : 'its id'}`
}

/**
 * The cheapest offers: those of the lowest price that is known and above 0, for 0 may be part of a subscription.
 * What is out of service is no offer to take.
 */
export function cheapestOf(offers: readonly Offer[]): ReadonlySet<Offer> {
  const priced = offers.filter(({ price, entry }) => Number(price) > 0 && entry.status !== 'deprecated')
  const lowest = Math.min(...priced.map(({ price }) => Number(price)))
  return new Set(priced.filter(({ price }) => Number(price) === lowest))
}
