import { entryListSchema } from '../../src/catalog/entry.ts'
import type { Shown } from './walk.ts'

export interface PricedEntry {
  id: string
  /** USD per 1M tokens, the higher of both prices. */
  price: number
  /** Its context window in tokens, or the day of its release in ms since 1970. */
  at: number
}

/** Older than any language model: upstream's way to say that it does not know. */
const EARLIEST = Date.UTC(2015, 0)

/** What the service has of a plot: the entries that match, as far as their price and place are known. */
export async function pricedEntries(
  ask: Shown['ask'],
  query: string,
  axis: 'context' | 'released' = 'context',
): Promise<{ total: number; placed: PricedEntry[] }> {
  const placed: PricedEntry[] = []
  for (let offset = 0; ; offset += 100) {
    const { models, total } = entryListSchema.parse(await ask(`models?limit=100&offset=${offset}${query}`))
    for (const { id, cost, limits, release_date: released } of models) {
      const prices = [cost?.input, cost?.output].filter((price) => typeof price === 'number')
      const day = Date.parse(released ?? '')
      const at = axis === 'context' ? limits?.context : day >= EARLIEST ? day : 0
      if (at && prices.length > 0) placed.push({ id, price: Math.max(...prices), at })
    }
    if (offset + 100 >= total) return { total, placed }
  }
}
