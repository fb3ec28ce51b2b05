import { performance } from 'node:perf_hooks'

/** How often the event loop has gone to look for input. */
function currentTurn(): number {
  return performance.nodeTiming.uvMetricsInfo.loopCount
}

/** A check that holds until the event loop looks for input again, or until it is forgotten. */
export interface TurnCheck<T> {
  (): T
  forget(): void
}

/**
 * Makes a check once for all requests that are read in one turn of the event loop: each of them had begun to arrive
 * before. One that fails is made again.
 */
export function oncePerTurn<T>(check: () => T, turn: () => number = currentTurn): TurnCheck<T> {
  let checked: { turn: number; value: T } | undefined
  const once = () => {
    const current = turn()
    if (checked?.turn === current) return checked.value
    checked = undefined
    checked = { turn: current, value: check() }
    return checked.value
  }
  return Object.assign(once, {
    forget() {
      checked = undefined
    },
  })
}
