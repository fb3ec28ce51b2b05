import { expect, it } from 'vitest'
import { leasedLimiter, leaseSize } from '../../src/http/leased-limit.ts'
import { MAX_CLIENTS, quota, WINDOW_MS } from '../../src/http/rate-limit.ts'

const LIMIT = 1000
const WORKERS = 4

/** Limiters of as many workers, on one quota and one clock; `asked` counts how often they ask. */
function workersOn(limit: number, clock: { now: number }, count = WORKERS) {
  const take = quota(limit, () => clock.now)
  const asked = { times: 0 }
  const limiters = Array.from({ length: count }, () =>
    leasedLimiter(
      async (client) => {
        asked.times++
        return take(client, leaseSize(limit, count))
      },
      () => clock.now,
    ),
  )
  const request = (turn: number, client = 'a') => limiters[turn % count]?.(client)
  return { limiters, request, asked }
}

it.each([1, 2, 7, 19, 20, 100, LIMIT])(
  'lets no more than the limit of %i pass, and hardly fewer',
  async (limit) => {
    const { request } = workersOn(limit, { now: 0 })
    const all = await Promise.all(Array.from({ length: 2 * limit + WORKERS }, (_, turn) => request(turn)))
    const passed = all.filter((standing) => standing?.isOver === false).length
    expect(passed).toBeLessThanOrEqual(limit)
    expect(passed).toBeGreaterThanOrEqual(limit * 0.95)
  },
)

it('refuses too early only what lies with workers that the client does not meet', async () => {
  const { request } = workersOn(LIMIT, { now: 0 })
  for (const turn of [1, 2, 3]) await request(turn)
  let passed = 0
  while ((await request(0))?.isOver === false) passed++
  // The three keep a lease each, but for the request that each has counted.
  expect(passed).toBe(LIMIT - 3 * leaseSize(LIMIT, WORKERS))
  expect(3 * leaseSize(LIMIT, WORKERS)).toBeLessThanOrEqual(LIMIT / 20)
})

it('asks once for many requests, and no more once the quota is used up', async () => {
  const { request, asked } = workersOn(LIMIT, { now: 0 }, 1)
  for (let turn = 0; turn <= LIMIT; turn++) await request(turn)
  const times = asked.times
  expect(times).toBeLessThanOrEqual(LIMIT / leaseSize(LIMIT, 1) + 1)
  for (let turn = 0; turn < LIMIT; turn++) expect((await request(turn))?.isOver).toBe(true)
  expect(asked.times).toBe(times)
})

it('ends its leases with the minute they are of', async () => {
  const clock = { now: 0 }
  const { request } = workersOn(LIMIT, clock)
  expect(await request(0)).toMatchObject({ isOver: false, resetSeconds: 60 })
  clock.now = WINDOW_MS - 500
  expect(await request(1)).toMatchObject({ isOver: false, remaining: LIMIT - leaseSize(LIMIT, WORKERS) - 1 })
  clock.now = WINDOW_MS
  expect(await request(1)).toMatchObject({ isOver: false, remaining: LIMIT - 1, resetSeconds: 60 })
})

it('asks anew after a question that failed', async () => {
  let isDown = true
  const count = leasedLimiter(async () => {
    if (isDown) throw new Error('gone')
    return { granted: 1, remaining: 0, resetMs: WINDOW_MS }
  })
  await expect(count('a')).rejects.toThrow('gone')
  isDown = false
  expect(await count('a')).toMatchObject({ isOver: false })
})

it('keeps no more leases than there are places', async () => {
  const clients = new Set<string>()
  const count = leasedLimiter(async (client) => {
    clients.add(client)
    return { granted: 2, remaining: 0, resetMs: WINDOW_MS }
  })
  for (let client = 0; client < MAX_CLIENTS + 3; client++) await count(`client ${client}`)
  expect(clients.size).toBe(MAX_CLIENTS + 1)
  expect((await count('one more')).isOver).toBe(true)
  expect((await count('client 0')).isOver).toBe(false)
})
