import { type Grant, MAX_CLIENTS, type RateLimiter, type Standing, standing } from './rate-limit.ts'

/**
 * The share of a client's quota that all workers together may hold unused: what a client may be refused too early,
 * since the rest of its quota lies with workers that it does not meet.
 */
const LEASED_SHARE = 1 / 20
/** How often leases that have ended are thrown away, in ms. */
const SWEEP_MS = 10_000
/** Those for whom no place is left share one count. */
const OTHERS = '*'

/** Asks who keeps the counts for the next requests of a client. */
export type AskForLease = (client: string) => Promise<Grant>

interface Lease {
  left: number
  /** What there was beyond it when it was granted. */
  remaining: number
  endsAt: number
}

/** How many requests of a client are handed to a worker at a time. */
export function leaseSize(limit: number, workers: number): number {
  return Math.max(1, Math.floor((limit * LEASED_SHARE) / workers))
}

/**
 * Counts on requests leased from a quota that several processes share: most are counted here, and nobody gets more than
 * the quota. A client whose quota is used up is refused without asking until its minute is over.
 */
export function leasedLimiter(ask: AskForLease, nowMs: () => number = () => performance.now()): RateLimiter {
  const leases = new Map<string, Lease>()
  const asking = new Map<string, Promise<void>>()
  let sweepAt = 0

  const dropEnded = (now: number) => {
    if (now < sweepAt) return
    sweepAt = now + SWEEP_MS
    for (const [client, { endsAt }] of leases) if (endsAt <= now) leases.delete(client)
  }
  const renew = async (client: string) => {
    // Counted from before the question: a lease ends here no later than the quota it is a part of.
    const askedAt = nowMs()
    dropEnded(askedAt)
    try {
      const { granted, remaining, resetMs } = await ask(client)
      leases.set(client, { left: granted, remaining, endsAt: askedAt + resetMs })
    } finally {
      asking.delete(client)
    }
  }
  const countLater = async (client: string): Promise<Standing> => {
    // All of a client's requests that find no lease wait for the same one.
    const asked = asking.get(client) ?? renew(client)
    asking.set(client, asked)
    await asked
    return count(client)
  }
  const count: RateLimiter = (client) => {
    const now = nowMs()
    const lease = leases.get(client)
    if (lease === undefined || lease.endsAt <= now) return countLater(client)
    if (lease.left === 0 && lease.remaining > 0) return countLater(client)
    const isOver = lease.left === 0
    if (!isOver) lease.left--
    return standing(isOver, lease.left + lease.remaining, lease.endsAt - now)
  }

  return (client) => count(leases.size < MAX_CLIENTS || leases.has(client) ? client : OTHERS)
}
