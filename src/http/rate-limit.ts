/** The time in which the limit's requests may come, in ms. */
export const WINDOW_MS = 60_000
/** Most clients that are counted one by one; all others are counted together. */
export const MAX_CLIENTS = 100_000

/** Where a client stands after the request that was just counted. */
interface Standing {
  isOver: boolean
  remaining: number
  /** Until it may ask anew, in s. */
  resetSeconds: number
}

/** Counts a client's request. */
export type RateLimiter = (client: string) => Standing

interface Window {
  requests: number
  endsAt: number
}

/**
 * Allows each client so many requests within a minute of its first one. A window is kept until it ends, whoever else
 * comes: nobody can flush out a count. Clients who find no place share one count until places are free.
 */
export function rateLimiter(limit: number, nowMs: () => number = () => performance.now()): RateLimiter {
  /** In the order in which they end, for all are equally long. */
  const windows = new Map<string, Window>()
  let others: Window = { requests: 0, endsAt: 0 }

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
    const fresh: Window = { requests: 0, endsAt: now + WINDOW_MS }
    if (windows.size < MAX_CLIENTS) {
      windows.set(client, fresh)
      return fresh
    }
    if (others.endsAt <= now) others = fresh
    return others
  }

  return (client) => {
    const now = nowMs()
    const window = windowOf(client, now)
    window.requests++
    return {
      isOver: window.requests > limit,
      remaining: Math.max(0, limit - window.requests),
      resetSeconds: Math.ceil((window.endsAt - now) / 1000),
    }
  }
}
