import type { Estimate, EstimateList } from '../model-wire.ts'
import type { Entry } from '../wire.ts'

export interface Ranked {
  entry: Entry
  estimate: Estimate
}

/** A model that cannot be reckoned, and why. */
export interface Unpriced {
  entry: Entry
  reason: string
}

/** The models by what they cost, the cheapest first; those without a price apart: unknown is not free. */
export function ranking(
  entries: readonly Entry[],
  results: EstimateList['results'],
): { ranked: readonly Ranked[]; unpriced: readonly Unpriced[] } {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const ranked: Ranked[] = []
  const unpriced: Unpriced[] = []
  for (const { id, estimate, error } of results) {
    const entry = byId.get(id)
    if (entry === undefined) continue
    if (estimate !== null) ranked.push({ entry, estimate })
    // The id stands beside it already.
    else unpriced.push({ entry, reason: error?.detail.replace(`${id}: `, '') ?? 'its price is unknown' })
  }
  ranked.sort((one, other) => Number(one.estimate.usd_total) - Number(other.estimate.usd_total))
  return { ranked, unpriced }
}
