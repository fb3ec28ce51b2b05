import { rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { newTraffic } from '../../src/http/traffic.ts'
import { ROUTES } from '../../src/openapi/routes.ts'
import type { TestService } from '../service.ts'
import { fakeUpstream, sendsTagged, THREE, TWO } from '../source/fake-upstream.ts'
import { readMetrics } from './read-metrics.ts'
import { bearer, expectEnvelope, get, LIST, serviceForTest } from './wire.ts'

/** What `/metrics` says, by name and labels. */
async function metricsOf(service: TestService): Promise<Map<string, number>> {
  const answer = await get(service, '/metrics')
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  return readMetrics(await answer.text())
}

const requests = (route: string, code: number) =>
  `modeldex_http_requests_total{route="${route}",code="${code}"}`

describe('/metrics', () => {
  it('needs a token, unless it is opened', async () => {
    const { baseUrl } = await serviceForTest()
    const refused = await fetch(`${baseUrl}/metrics`)
    expectEnvelope(refused, await refused.text(), 401, 'authentication_error')
    const open = await serviceForTest({ env: { MODELDEX_OPEN_METRICS: 'true' } })
    expect((await fetch(`${open.baseUrl}/metrics`)).status).toBe(200)
    expect((await fetch(open.baseUrl + LIST)).status).toBe(401)
  })

  it('counts answers by route and status, never by path', async () => {
    const service = await serviceForTest()
    const paths = ['?limit=1', '?limit=1', '?limit=0', '/openai/nothing', '/anthropic/claude-opus-4-8']
    for (const path of paths) await (await get(service, LIST + path)).text()
    await (await get(service, '/no/such/route')).text()
    await (await get(service, '/api/v1/inference/dataset')).text()
    await (await get(service, '/api/v1/inference/history/openai/nothing')).text()
    await (await fetch(service.baseUrl + LIST)).text()
    await (await fetch(`${service.baseUrl}/readyz`)).text()
    const metrics = await metricsOf(service)
    expect([...metrics].filter(([name]) => name.startsWith('modeldex_http_requests_total')).sort()).toEqual(
      [
        [requests(LIST, 200), 2],
        [requests(LIST, 422), 1],
        [requests(`${LIST}/{id}`, 200), 1],
        [requests(`${LIST}/{id}`, 404), 1],
        [requests('/api/v1/inference/dataset', 200), 1],
        [requests('/api/v1/inference/history/{id}', 404), 1],
        [requests('/readyz', 200), 1],
        [requests('none', 401), 1],
        [requests('none', 404), 1],
      ].sort(),
    )
    expect(metrics.get('modeldex_answer_cache_requests_total{result="miss"}')).toBe(4)
    await (await get(service, `${LIST}?limit=1`)).text()
    const later = await metricsOf(service)
    expect(later.get('modeldex_answer_cache_requests_total{result="hit"}')).toBe(1)
    expect(later.get('modeldex_answer_cache_bytes')).toBeGreaterThan(0)
    expect(later.get(requests('/metrics', 200))).toBe(1)
  })

  it('knows every described route', { timeout: 120_000 }, async () => {
    const service = await serviceForTest({
      env: { MODELDEX_SQL: 'true', MODELDEX_ADMIN_TOKEN: 'admin', MODELDEX_TOKEN: 'reader' },
    })
    for (const { method, path, parts = {} } of ROUTES) {
      const url = path.replace(/\{(\w+)\}/g, (_part, name: string) => parts[name]?.example ?? '')
      const headers = { Authorization: 'Bearer admin' }
      await (await fetch(`${service.baseUrl}${url}?nothing`, { method, headers })).text()
    }
    const counted = new Set(
      [...(await metricsOf(service)).keys()].flatMap(
        (name) => /requests_total\{route="([^"]+)/.exec(name)?.[1] ?? [],
      ),
    )
    const described = ROUTES.map(({ path }) =>
      path.replace('/docs/{file}', '/docs/start.js').replace(/\/\{.*/, '/{id}'),
    )
    expect(counted).toEqual(new Set(described))
  })

  it('tells how long requests took', async () => {
    const service = await serviceForTest()
    for (const _more of [1, 2, 3]) await (await get(service, LIST)).text()
    const metrics = await metricsOf(service)
    const name = 'modeldex_http_request_duration_seconds'
    const buckets = [...metrics].filter(([line]) => line.startsWith(`${name}_bucket{route="${LIST}"`))
    const counts = buckets.map(([, count]) => count)
    expect(counts).toEqual(counts.toSorted((a, b) => a - b))
    expect(buckets.at(-1)).toEqual([`${name}_bucket{route="${LIST}",le="+Inf"}`, 3])
    expect(metrics.get(`${name}_count{route="${LIST}"}`)).toBe(3)
    expect(metrics.get(`${name}_sum{route="${LIST}"}`)).toBeGreaterThan(0)
  })

  it('tells what is served and how old it is, and of the process itself', async () => {
    const service = await serviceForTest({ now: () => new Date('2026-10-01T01:00:00Z') })
    const metrics = await metricsOf(service)
    const version = (await get(service, LIST)).headers.get('x-dataset-version')
    expect(metrics.get(`modeldex_dataset_info{version="${version}"}`)).toBe(1)
    expect(metrics.get('modeldex_dataset_age_seconds')).toBe(3600)
    expect(metrics.get('modeldex_ready')).toBe(1)
    expect(metrics.get('modeldex_models')).toBe(8337)
    expect(metrics.get('modeldex_providers')).toBe(225)
    expect([...metrics.keys()]).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^modeldex_info\{version="\d/),
        ...['nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes', 'process_open_fds'],
      ]),
    )
  })

  it('is there while the catalog is not', async () => {
    const service = await serviceForTest()
    rmSync(service.db)
    writeFileSync(service.db, 'no database at all')
    const metrics = await metricsOf(service)
    expect(metrics.get('modeldex_ready')).toBe(0)
    expect(metrics.get('modeldex_models')).toBeNaN()
    expect([...metrics.keys()].filter((name) => name.startsWith('modeldex_dataset_info'))).toEqual([])
  })

  it('counts refreshes by how they went', async () => {
    const upstream = await fakeUpstream(sendsTagged(THREE, '"three"'))
    const service = await serviceForTest({
      catalog: TWO,
      env: { MODELDEX_TOKEN: 'reads', MODELDEX_ADMIN_TOKEN: 'runs', MODELDEX_SOURCE: upstream.url },
      now: () => new Date('2026-10-01T12:00:00Z'),
    })
    const init = { method: 'POST', headers: bearer('runs') }
    for (const _more of [1, 2]) {
      await (await fetch(`${service.baseUrl}/api/v1/inference/refresh`, init)).text()
    }
    const refreshes = [...(await metricsOf(service))].filter(([name]) => name.includes('refresh'))
    expect(refreshes.filter(([name]) => !name.includes('http'))).toEqual([
      ['modeldex_refreshes_total{outcome="updated"}', 1],
      ['modeldex_refreshes_total{outcome="unchanged"}', 1],
      ['modeldex_refreshes_total{outcome="failed"}', 0],
      [
        'modeldex_last_refresh_timestamp_seconds{outcome="unchanged"}',
        Date.parse('2026-10-01T12:00:00Z') / 1000,
      ],
    ])
  })
})

it('sorts durations by their bounds, the bound itself included', () => {
  const traffic = newTraffic()
  for (const ms of [0, 0.5, 0.51, 10_000, 10_001, 90_000]) traffic.count('/', 200, ms)
  const { durations = [], seconds } = traffic.routes.get('/') ?? {}
  expect(durations).toEqual([2, 1, ...Array(11).fill(0), 1, 2])
  expect(seconds).toBeCloseTo(110.00201)
})
