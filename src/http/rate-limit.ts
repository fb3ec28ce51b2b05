/** The time in which the limit's requests may come, in ms. */
export const WINDOW_MS = 60_000
/** Most clients that are counted one by one; all others are counted together. */
export const MAX_CLIENTS = 100_000

/** How a client stands after the request that was just counted. */
export interface Standing {
  isOver: boolean
  remaining: number
  /** Until it may ask anew, in s. */
  resetSeconds: number
}

/** Counts a client's request; where another process has the counts, it may have to be asked. */
export type RateLimiter = (client: string) => Standing | Promise<Standing>

/** Apart, so that no crowd of addresses takes a token's place. */
export interface RateLimiters {
  token: RateLimiter
  address: RateLimiter
}

/** What a client got of its requests. */
export interface Grant {
  granted: number
  /** How many it may still get. */
  remaining: number
  /** Until it may ask anew, in ms. */
  resetMs: number
}

/** Gives a client as many of the requests wanted as it has left. */
export type Quota = (client: string, wanted: number) => Grant

export function rateLimiters(limit: number): RateLimiters {
  return { token: rateLimiter(limit), address: rateLimiter(limit) }
}

export function rateLimiter(limit: number, nowMs?: () => number): (client: string) => Standing {
  const take = quota(limit, nowMs)
  return (client) => {
    const { granted, remaining, resetMs } = take(client, 1)
    return standing(granted === 0, remaining, resetMs)
  }
}

export function standing(isOver: boolean, remaining: number, resetMs: number): Standing {
  return { isOver, remaining, resetSeconds: Math.ceil(resetMs / 1000) }
}

interface Window {
  left: number
  endsAt: number
}

/**
 * Allows each client so many requests within a minute of its first one. A window is kept until it ends, whoever else
 * comes: nobody can flush out a count. Clients who find no place share one count until places are free.
 */
export function quota(limit: number, nowMs: () => number = () => performance.now()): Quota {
  /** In the order in which they end, for all are equally long. */
  const windows = new Map<string, Window>()
  let others: Window = { left: 0, endsAt: 0 }

  const dropEnded = (now: number) => {
    for (const [client, { endsAt }] of windows) {
      if (endsAt > now) break
      windows.delete(client)
    }
  }
  const windowOf = (client: string, now: number): Window => {
    const known = windows.get(client)
    if (known !== undefined && known.endsAt > now) return known
    dropEnded(now)
    const fresh: Window = { left: limit, endsAt: now + WINDOW_MS }
    if (windows.size < MAX_CLIENTS) {
      windows.set(client, fresh)
      return fresh
    }
    if (others.endsAt <= now) others = fresh
    return others
  }

  return (client, wanted) => {
    const now = nowMs()
    const window = windowOf(client, now)
    const granted = Math.min(wanted, window.left)
    window.left -= granted
    return { granted, remaining: window.left, resetMs: window.endsAt - now }
  }
}
