import type { RowOf } from '../db/insert.ts'
import type { Placed } from './order.ts'

/**
 * The search order, as stretches of row ids (from 1, in the standing order): deprecated, party, release date. It differs
 * from the standing order only by where the featured entries stand, so there are few stretches.
 */
export function searchStretches(placed: readonly Placed[]): RowOf<'entryStretch'>[] {
  const stretches: RowOf<'entryStretch'>[] = []
  const inSearchOrder = placed.map((entry, index) => ({ entry, id: index + 1 })).sort(bySearchOrder)
  for (const { entry, id } of inSearchOrder) {
    const { deprecated, party } = entry
    const last = stretches.at(-1)
    if (last?.last === id - 1 && last.deprecated === deprecated && last.party === party) last.last = id
    else stretches.push({ place: stretches.length, deprecated, party, first: id, last: id })
  }
  return stretches
}

function bySearchOrder({ entry: a }: { entry: Placed }, { entry: b }: { entry: Placed }): number {
  return Number(a.deprecated) - Number(b.deprecated) || a.party - b.party || a.recency - b.recency
}
