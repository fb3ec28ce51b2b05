import { rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { serviceForTest } from './wire.ts'

/** When the seeded catalog says that it was fetched. */
const FETCHED = Date.parse('2026-10-01T00:00:00Z')
const DAY_S = 86_400

async function probe(baseUrl: string, path: string) {
  const answer = await fetch(baseUrl + path)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  return { status: answer.status, body: await answer.json() }
}

describe('probes', () => {
  it('are open, and tell no more than was asked', async () => {
    const { baseUrl } = await serviceForTest()
    expect(await probe(baseUrl, '/healthz')).toEqual({ status: 200, body: { status: 'ok' } })
    expect(await probe(baseUrl, '/readyz?verbose')).toEqual({ status: 200, body: { status: 'ready' } })
    const head = await fetch(`${baseUrl}/readyz`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  it('are answered when nobody else is', async () => {
    const env = { MODELDEX_RATE_LIMIT: '1', MODELDEX_MIN_CLIENT_VERSION: '9.9.9' }
    const { baseUrl } = await serviceForTest({ env })
    for (const _more of [1, 2]) await (await fetch(`${baseUrl}/docs`)).text()
    expect((await fetch(`${baseUrl}/docs`)).status).toBe(429)
    for (const path of ['/healthz', '/readyz']) {
      const answer = await fetch(baseUrl + path, { headers: { 'X-Client-Version': '1.0.0' } })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('ratelimit')).toBeNull()
    }
  })

  it('are read only, and their paths exact', async () => {
    const { baseUrl } = await serviceForTest()
    const statuses = await Promise.all(
      [
        ['POST', '/healthz'],
        ['DELETE', '/readyz'],
        ['GET', '/healthz/'],
        ['GET', '/Readyz'],
        ['GET', '//healthz'],
      ].map(async ([method = '', path = '']) => (await fetch(baseUrl + path, { method })).status),
    )
    expect(statuses).toEqual([404, 404, 404, 404, 404])
  })
})

describe('/readyz', () => {
  it('wants a catalog no older than is configured', async () => {
    let now = FETCHED
    const service = await serviceForTest({
      env: { MODELDEX_READY_MAX_AGE: String(DAY_S) },
      now: () => new Date(now),
    })
    const ready = { status: 200, body: { status: 'ready' } }
    expect(await probe(service.baseUrl, '/readyz')).toEqual(ready)
    now = FETCHED + DAY_S * 1000
    expect(await probe(service.baseUrl, '/readyz')).toEqual(ready)
    now += 1000
    expect(await probe(service.baseUrl, '/readyz')).toEqual({
      status: 503,
      body: { status: 'unready', reason: `The catalog is ${DAY_S + 1} s old; ${DAY_S} s are allowed` },
    })
    expect((await probe(service.baseUrl, '/healthz')).status).toBe(200)
    now = 0
    expect(await probe(service.baseUrl, '/readyz')).toEqual(ready)
  })

  it('wants a catalog that can be read', async () => {
    const { baseUrl, db } = await serviceForTest()
    rmSync(db)
    writeFileSync(db, 'no database at all')
    expect(await probe(baseUrl, '/readyz')).toEqual({
      status: 503,
      body: { status: 'unready', reason: 'The catalog cannot be read' },
    })
    expect((await probe(baseUrl, '/healthz')).status).toBe(200)
  })
})
