import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { networkOf } from '../../src/http/client-address.ts'
import { MAX_CLIENTS, rateLimiter, WINDOW_MS } from '../../src/http/rate-limit.ts'
import { newToken, updateTokenFile } from '../../src/http/token-file.ts'
import { bearer, expectEnvelope, LIST, serviceForTest } from './wire.ts'

const TWO = { MODELDEX_RATE_LIMIT: '2' }

/** The statuses of as many requests, one after the other. */
async function statuses(count: number, baseUrl: string, headers: (turn: number) => Record<string, string>) {
  const seen: number[] = []
  for (let turn = 0; turn < count; turn++) {
    const answer = await fetch(`${baseUrl}${LIST}?limit=1`, { headers: headers(turn) })
    await answer.text()
    seen.push(answer.status)
  }
  return seen
}

it('answers 429 with a Retry-After, and says what is left before', async () => {
  const { baseUrl, token } = await serviceForTest({ env: TWO })
  const first = await fetch(`${baseUrl}${LIST}?limit=1`, { headers: bearer(token) })
  expect(first.headers.get('ratelimit')).toMatch(/^limit=2, remaining=1, reset=\d+$/)
  expect(first.headers.get('ratelimit-policy')).toBe('2;w=60')
  await statuses(1, baseUrl, () => bearer(token))
  const answer = await fetch(`${baseUrl}/api/nowhere`, { headers: bearer(token) })
  expectEnvelope(answer, await answer.text(), 429, 'usage_limit_exceeded_error')
  const retryAfter = Number(answer.headers.get('retry-after'))
  expect(retryAfter).toBeGreaterThan(0)
  expect(retryAfter).toBeLessThanOrEqual(60)
})

it('counts each issued token by itself, whichever header brings it', async () => {
  const { baseUrl, dir, token } = await serviceForTest({ env: TWO })
  const other = newToken('other', 'read', new Date())
  await updateTokenFile(join(dir, 'tokens.json'), (records) => [...records, other.record])
  const either = (turn: number) => (turn % 2 === 0 ? bearer(token) : { 'X-API-Key': token })
  expect(await statuses(3, baseUrl, either)).toEqual([200, 200, 429])
  expect(await statuses(3, baseUrl, () => bearer(other.text))).toEqual([200, 200, 429])
})

it('counts an expired token by itself too', async () => {
  let now = new Date('2026-10-01T00:00:00Z')
  const { baseUrl, dir } = await serviceForTest({ env: TWO, now: () => now })
  const expiring = newToken('expiring', 'read', now, new Date('2026-10-02T00:00:00Z'))
  await updateTokenFile(join(dir, 'tokens.json'), (records) => [...records, expiring.record])
  now = new Date('2026-10-03T00:00:00Z')
  expect(await statuses(3, baseUrl, () => bearer(expiring.text))).toEqual([401, 401, 429])
  expect(await statuses(1, baseUrl, () => ({}))).toEqual([401])
})

it('counts those who guess tokens by their address', async () => {
  const { baseUrl, token } = await serviceForTest({ env: TWO })
  expect(await statuses(3, baseUrl, (turn) => bearer(`mdx_guess${turn}`))).toEqual([401, 401, 429])
  expect(await statuses(1, baseUrl, () => ({ Authorization: 'Basic x' }))).toEqual([429])
  expect(await statuses(1, baseUrl, () => bearer(token))).toEqual([200])
})

it('believes X-Forwarded-For only behind a configured proxy', async () => {
  const forwarded = (turn: number) => ({ 'X-Forwarded-For': `203.0.113.${turn}` })
  const open = await serviceForTest({ env: TWO })
  expect(await statuses(3, open.baseUrl, forwarded)).toEqual([401, 401, 429])
  for (const trusted of ['1', 'loopback', '127.0.0.0/8']) {
    const proxied = await serviceForTest({ env: { ...TWO, MODELDEX_TRUST_PROXY: trusted } })
    expect(await statuses(3, proxied.baseUrl, forwarded)).toEqual([401, 401, 401])
    expect(await statuses(2, proxied.baseUrl, () => forwarded(0))).toEqual([401, 429])
  }
  const elsewhere = await serviceForTest({ env: { ...TWO, MODELDEX_TRUST_PROXY: '10.0.0.0/8' } })
  expect(await statuses(3, elsewhere.baseUrl, forwarded)).toEqual([401, 401, 429])
})

it('counts by the proxy what it forwards no address for', async () => {
  const { baseUrl } = await serviceForTest({ env: { ...TWO, MODELDEX_TRUST_PROXY: '1' } })
  const ports = (turn: number) => ({ 'X-Forwarded-For': `203.0.113.9:${5000 + turn}` })
  expect(await statuses(3, baseUrl, ports)).toEqual([401, 401, 429])
})

it('takes a network of IPv6 for one client', async () => {
  const { baseUrl } = await serviceForTest({ env: { ...TWO, MODELDEX_TRUST_PROXY: '1' } })
  const hosts = (turn: number) => ({ 'X-Forwarded-For': `2001:db8:1:2::${turn}` })
  expect(await statuses(3, baseUrl, hosts)).toEqual([401, 401, 429])
})

it('can be switched off', async () => {
  const { baseUrl, token } = await serviceForTest({ env: { MODELDEX_RATE_LIMIT: '0' } })
  const answer = await fetch(`${baseUrl}${LIST}?limit=1`, { headers: bearer(token) })
  expect({ status: answer.status, header: answer.headers.get('ratelimit') }).toEqual({
    status: 200,
    header: null,
  })
})

describe('the limiter', () => {
  it('counts each client from its own first request on, for a minute', () => {
    let now = 0
    const count = rateLimiter(2, () => now)
    expect(count('a')).toEqual({ isOver: false, remaining: 1, resetSeconds: 60 })
    now = WINDOW_MS - 500
    expect(count('b')).toEqual({ isOver: false, remaining: 1, resetSeconds: 60 })
    expect(count('a')).toEqual({ isOver: false, remaining: 0, resetSeconds: 1 })
    expect(count('a')).toEqual({ isOver: true, remaining: 0, resetSeconds: 1 })
    now = WINDOW_MS
    expect(count('a')).toEqual({ isOver: false, remaining: 1, resetSeconds: 60 })
    expect(count('b')).toEqual({ isOver: false, remaining: 0, resetSeconds: 60 })
  })

  it('lets no crowd reset a count, nor guess without end', () => {
    let now = 0
    const count = rateLimiter(2, () => now)
    for (const _request of [1, 2, 3]) count('victim')
    for (let client = 1; client < MAX_CLIENTS; client++) count(`client ${client}`)
    // No place is left: whoever else comes is counted with all the others who do.
    expect(['x', 'y', 'z'].map((client) => count(client).isOver)).toEqual([false, false, true])
    expect(count('victim').isOver).toBe(true)
    expect(count('client 1').isOver).toBe(false)
    now = WINDOW_MS
    expect(['x', 'y', 'victim'].map((client) => count(client).remaining)).toEqual([1, 1, 1])
  })
})

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::ffff:c000:207', '192.0.2.7'],
  ['2001:db8:1:2ff::7', '2001:db8:1:2/56'],
  ['2001:DB8:1:0200:0:0:0:1', '2001:db8:1:2/56'],
  ['2001:db8:1:300::', '2001:db8:1:3/56'],
  ['fe80::1%eth0', 'fe80:0:0:0/56'],
  ['::1', '0:0:0:0/56'],
  ['', ''],
])('%s is counted as %s', (address, client) => {
  expect(networkOf(address)).toBe(client)
})
