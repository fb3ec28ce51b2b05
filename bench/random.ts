/** A repeatable source of choices: the same seed gives the same ones on every machine. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  /** From 0 up to, not including, `below`. */
  int(below: number): number
  /** @throws Error when there is nothing to choose from */
  pick<T>(from: readonly T[]): T
  /** True that often, from 0 to 1. */
  chance(share: number): boolean
}

/** Mulberry32: 32 bits of state are plenty to draw a load. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (below: number) => Math.floor(next() * below)
  return {
    next,
    int,
    pick: (from) => {
      if (from.length === 0) throw new Error('nothing to choose from')
      return from[int(from.length)] as (typeof from)[number]
    },
    chance: (share) => next() < share,
  }
}
