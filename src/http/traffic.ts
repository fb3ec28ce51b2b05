/**
 * Upper bounds of the durations that are counted together, in s. Most answers take less than a ms; what takes 10 s is
 * waited for by nobody.
 */
export const DURATION_BOUNDS_S = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]

/** What requests without a route are counted under: none has the path, or they were refused before. */
const NO_ROUTE = 'none'
/** What requests without an answer are counted under: the client was gone before one began. */
const NO_CODE = 'none'

interface RouteTraffic {
  /** How many requests were answered with which status. */
  codes: Map<number | typeof NO_CODE, number>
  /** How many took at most as long as each bound, and longer than the one before; last those beyond all. */
  durations: number[]
  /** How long all of them took together. */
  seconds: number
}

/** What has been answered since the start, counted in plain numbers: every request pays for it. */
export interface Traffic {
  routes: ReadonlyMap<string, Readonly<RouteTraffic>>
  /**
   * @param route a template, never a path: clients choose those, and each would be kept
   * @param status undefined: no answer had begun
   */
  count(route: string | undefined, status: number | undefined, ms: number): void
}

export function newTraffic(): Traffic {
  const routes = new Map<string, RouteTraffic>()
  const add = (route: string): RouteTraffic => {
    const durations = Array<number>(DURATION_BOUNDS_S.length + 1).fill(0)
    const added = { codes: new Map(), durations, seconds: 0 }
    routes.set(route, added)
    return added
  }

  return {
    routes,
    count(route = NO_ROUTE, status, ms) {
      const counted = routes.get(route) ?? add(route)
      const seconds = ms / 1000
      let place = 0
      while (seconds > (DURATION_BOUNDS_S[place] ?? Number.POSITIVE_INFINITY)) place++
      const code = status ?? NO_CODE
      counted.codes.set(code, (counted.codes.get(code) ?? 0) + 1)
      counted.durations[place] = (counted.durations[place] ?? 0) + 1
      counted.seconds += seconds
    },
  }
}
