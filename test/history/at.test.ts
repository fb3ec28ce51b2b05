import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ingest } from '../../src/ingest/ingest.ts'
import { acme, writeCatalog } from '../ingest/catalogs.ts'
import { seededService, type TestService, temporaryFolder } from '../service.ts'

const CATALOG = '/api/v1/inference/catalog'
const NOON = new Date('2026-10-10T12:00:00Z')

let service: TestService
let folder: string
const versions: string[] = []

/** Three catalogs: of 1 and 3 October, and the first one again at noon of the tenth. */
beforeAll(async () => {
  folder = temporaryFolder()
  const db = join(folder, 'catalog.db')
  const old = acme({ m: { name: 'Old', cost: { input: 1, output: 1 } }, gone: {} })
  const young = acme({ m: { name: 'Young', cost: { input: 2, output: 2 } }, fresh: {} })
  const last = acme({ m: { name: 'Last' } })
  for (const [catalog, date] of [
    [old, '2026-10-01T08:00:00Z'],
    [young, '2026-10-03T08:00:00Z'],
    [last, '2026-10-10T08:00:00Z'],
  ] as const) {
    const report = await ingest({ db, from: writeCatalog(folder, catalog), now: () => new Date(date) })
    versions.push(report.version)
  }
  service = await seededService({ db, now: () => NOON })
})
afterAll(async () => {
  await service?.close()
  rmSync(folder, { recursive: true, force: true })
})

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(service.baseUrl + CATALOG + path, {
    headers: { authorization: `Bearer ${service.token}`, ...headers },
  })
}

describe('at', () => {
  test.each([
    ['2026-10-01', 0],
    ['2026-10-02', 0],
    ['2026-10-03', 1],
    ['2026-10-09', 1],
    ['2026-10-10', 2],
    ['2026-10-01T08:00:00Z', 0],
    ['2026-10-03T07:59:59.999Z', 0],
    ['2026-10-03T10:00:00%2B02:00', 1],
    ['2026-10-03t08:00:00z', 1],
    ['2026-10-03T07:59:60Z', 0],
    ['2026-10-10T12:00:00Z', 2],
    ['%202026-10-03%20', 1],
    ['2026-10-01&at=2026-10-03', 1],
  ])('%s is answered from the catalog that held then', async (at, state) => {
    const response = await get(`?at=${at}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('x-dataset-version')).toBe(versions[state])
    expect(response.headers.get('x-dataset-date')).toBe(
      ['2026-10-01T08:00:00.000Z', '2026-10-03T08:00:00.000Z', '2026-10-10T08:00:00.000Z'][state],
    )
    expect(await response.json()).toMatchObject({ total: [2, 2, 1][state] })
    const model = await get(`/acme/m?at=${at}`)
    expect(await model.json()).toMatchObject({ name: ['Old', 'Young', 'Last'][state] })
    expect(model.headers.get('x-dataset-version')).toBe(versions[state])
  })

  test('without it the answer is of now, and names no date', async () => {
    for (const path of ['', '?at=', '?at=%20']) {
      const response = await get(path)
      expect(response.headers.get('x-dataset-version')).toBe(versions[2])
      expect(response.headers.has('x-dataset-date')).toBe(false)
    }
  })

  test('what was there then is found, and what was not is missed with what was near', async () => {
    expect((await get('/acme/gone?at=2026-10-01')).status).toBe(200)
    expect((await get('/acme/gone?at=2026-10-03')).status).toBe(404)
    expect((await get('?at=2026-10-01&query=gone')).status).toBe(200)
    const miss = await get('/acme/GONE?at=2026-10-01')
    expect(await miss.json()).toMatchObject({ code: 404, detail: expect.stringContaining('acme/gone') })
    const none = await get('?at=2026-10-03&query=frehs')
    expect(none.headers.get('x-did-you-mean')).toBe('fresh')
  })

  test.each([
    ['2026-09-30', 404],
    ['2026-10-01T07:59:59Z', 404],
    ['0001-01-01', 404],
    ['2026-10-11', 422],
    ['2026-10-10T12:00:01Z', 422],
    ['2026-13-01', 422],
    ['2026-02-29', 422],
    ['20261001', 422],
    ['2026-10-01 08:00:00Z', 422],
    ['2026-10-01T08:00Z', 422],
    ['now', 422],
  ])('%s is answered with %i on both routes', async (at, status) => {
    for (const path of ['', '/acme/m']) {
      const response = await get(`${path}?at=${encodeURIComponent(at)}`)
      expect(response.status).toBe(status)
      expect(await response.json()).toMatchObject({
        code: status,
        type: status === 404 ? 'not_found_error' : 'validation_error',
      })
    }
  })

  test('its faults stand last of the known ones, and weaken no other check', async () => {
    const faulty = await get('?nope=1&at=2027-01-01&limit=0')
    expect(await faulty.json()).toMatchObject({
      errors: [
        { loc: ['query', 'limit'], type: 'greater_than_equal' },
        { loc: ['query', 'at'], type: 'less_than_equal' },
        { loc: ['query', 'nope'], type: 'extra_forbidden' },
      ],
    })
    expect((await get('?at=2026-10-01&min_price=2&max_price=1')).status).toBe(400)
    expect((await get('/acme/m?at=2026-10-01&nope=1')).status).toBe(422)
    expect((await fetch(`${service.baseUrl}${CATALOG}?at=2026-10-01`)).status).toBe(401)
  })

  test('it is tagged, compressed and answered to HEAD as ever', async () => {
    const first = await get('?at=2026-10-01')
    const etag = first.headers.get('etag') ?? ''
    const again = await get('?at=2026-10-02', { 'if-none-match': etag })
    expect(again.status).toBe(304)
    expect(again.headers.get('x-dataset-version')).toBe(versions[0])
    expect(again.headers.get('x-dataset-date')).toBe('2026-10-01T08:00:00.000Z')
    expect((await get('?at=2026-10-03', { 'if-none-match': etag })).status).toBe(200)
    const coded = await get('?at=2026-10-01', { 'accept-encoding': 'br' })
    expect(coded.headers.get('etag')).toBe(etag.replace('-gzip', '-br'))
    const head = await fetch(`${service.baseUrl}${CATALOG}?at=2026-10-01`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${service.token}` },
    })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  test('many at once share a build', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, place) => get(`?at=2026-10-0${1 + (place % 4)}&limit=${1 + place}`)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })

  test('what is loaded later is what today answers from then on', async () => {
    const today = async () => {
      const response = await get('?at=2026-10-10')
      return { version: response.headers.get('x-dataset-version'), body: await response.json() }
    }
    expect((await today()).version).toBe(versions[2])
    const from = writeCatalog(folder, acme({ m: { name: 'Newest' } }))
    const { version } = await ingest({ db: service.db, from, now: () => NOON })
    const answer = await today()
    expect(answer).toMatchObject({ version, body: { models: [{ name: 'Newest' }] } })
    expect((await get('?at=2026-10-10T11:59:59Z')).headers.get('x-dataset-version')).toBe(versions[2])
    expect((await get('?at=2026-10-03')).headers.get('x-dataset-version')).toBe(versions[1])
  })
})

test('too many past catalogs at once are refused for a while', async () => {
  const days = ['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-04', '2026-10-05', '2026-10-06']
  const dir = temporaryFolder()
  const db = join(dir, 'catalog.db')
  for (const day of days) {
    await ingest({ db, from: writeCatalog(dir, acme({ [day]: {} })), now: () => new Date(day) })
  }
  const busy = await seededService({ db, now: () => NOON })
  try {
    const headers = { authorization: `Bearer ${busy.token}` }
    // The last of them is the present one.
    const paths = days.slice(0, -1).map((day) => `${busy.baseUrl}${CATALOG}?at=${day}`)
    const answers = await Promise.all(paths.map((path) => fetch(path, { headers })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 429])
    const refused = answers.find(({ status }) => status === 429)
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused?.json()).toMatchObject({ type: 'usage_limit_exceeded_error' })
    expect((await fetch(refused?.url ?? '', { headers })).status).toBe(200)
  } finally {
    await busy.close()
    rmSync(dir, { recursive: true, force: true })
  }
})
