import type { Entry } from '../wire.ts'

/** What the plot takes of a model. */
export interface Point {
  id: string
  name: string
  provider: string
  isOpen: boolean | null
  /** USD per 1M tokens, input or output, the higher: what the service filters and sorts by. */
  price: number | null
  /** In tokens. */
  context: number | null
  /** In s since 1970. */
  released: number | null
}

/** What the price is held against. */
export const AXES = ['context', 'released'] as const
export type Axis = (typeof AXES)[number]

/** A point whose price and place are both known. */
export interface Placed {
  point: Point
  x: number
  price: number
}

/** Older than any language model: upstream's way to say that it does not know. */
const EARLIEST_S = Date.UTC(2015, 0) / 1_000

export function pointOf({ id, name, provider, open_weights, cost, limits, release_date }: Entry): Point {
  // One below 0 stands for a price that varies.
  const prices = [cost?.input, cost?.output].flatMap((price) => (price != null && price >= 0 ? [price] : []))
  const released = release_date === null ? Number.NaN : Date.parse(release_date) / 1_000
  return {
    id,
    name: name ?? id,
    provider,
    isOpen: open_weights,
    price: prices.length === 0 ? null : Math.max(...prices),
    context: limits?.context || null,
    released: released >= EARLIEST_S ? released : null,
  }
}

/** Those that have a place, from left to right; and how many do not. */
export function place(points: readonly Point[], axis: Axis): { placed: Placed[]; unplaced: number } {
  const placed = points.flatMap((point) => {
    const { [axis]: x, price } = point
    return x === null || price === null ? [] : [{ point, x, price }]
  })
  return { placed: placed.sort((one, other) => one.x - other.x), unplaced: points.length - placed.length }
}

/**
 * The cheapest with at least so much context, or the cheapest up to a date; from left to right. Free ones are no
 * part of it: beside them nothing would be.
 */
export function frontierOf(placed: readonly Placed[], axis: Axis): Placed[] {
  const paid = placed.filter(({ price }) => price > 0)
  const cheapestFirst = (one: Placed, other: Placed) => one.price - other.price
  const outward = paid.sort((one, other) =>
    axis === 'context'
      ? other.x - one.x || cheapestFirst(one, other)
      : one.x - other.x || cheapestFirst(one, other),
  )
  let lowest = Number.POSITIVE_INFINITY
  const frontier = outward.filter(({ price }) => {
    const isLower = price < lowest
    if (isLower) lowest = price
    return isLower
  })
  return axis === 'context' ? frontier.reverse() : frontier
}
