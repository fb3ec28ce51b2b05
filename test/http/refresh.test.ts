import { request } from 'node:http'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { lockRefresh, noteAttempt } from '../../src/ingest/refresh-file.ts'
import type { TestService } from '../service.ts'
import {
  fails,
  fakeUpstream,
  hangs,
  sends,
  sendsTagged,
  THREE,
  TWO,
  trickles,
} from '../source/fake-upstream.ts'
import { bearer, expectEnvelope, get, LIST, sendRaw, serviceForTest } from './wire.ts'

const DATASET = '/api/v1/inference/dataset'
const REFRESH = '/api/v1/inference/refresh'
const TOKENS = { MODELDEX_TOKEN: 'reads', MODELDEX_ADMIN_TOKEN: 'runs' }

/** A service with two models that refreshes from `source`. */
function serviceFrom(source: string, env: Record<string, string> = {}, now?: () => Date) {
  return serviceForTest({
    catalog: TWO,
    env: { ...TOKENS, MODELDEX_SOURCE: source, ...env },
    ...(now && { now }),
  })
}

function refresh(service: TestService, init: RequestInit = {}, query = ''): Promise<Response> {
  return fetch(service.baseUrl + REFRESH + query, { method: 'POST', headers: bearer('runs'), ...init })
}

const datasetSchema = z.looseObject({
  models: z.int(),
  last_attempt: z.looseObject({}).nullable(),
  next_refresh: z.string().nullable(),
})
const reportSchema = z.looseObject({ version: z.string(), set_aside_entries: z.array(z.unknown()) })

async function datasetOf(service: TestService) {
  return datasetSchema.parse(await (await get(service, DATASET)).json())
}

async function expectFault(answer: Response, code: number, type: string) {
  return expectEnvelope(answer, await answer.text(), code, type)
}

describe('POST refresh', () => {
  it('answers what it did, and serves it at once', async () => {
    const upstream = await fakeUpstream(sendsTagged(THREE, '"three"'))
    const at = new Date('2026-10-01T12:00:00.000Z')
    const service = await serviceFrom(upstream.url, {}, () => at)
    const before = (await get(service, LIST)).headers.get('x-dataset-version')
    const answer = await refresh(service)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const report = reportSchema.parse(await answer.json())
    expect(report).toEqual({
      outcome: 'updated',
      version: answer.headers.get('x-dataset-version'),
      previous_version: before,
      source: upstream.url,
      fetched_at: at.toISOString(),
      providers: 1,
      models: 3,
      added: 1,
      removed: 0,
      returned: 0,
      renamed: 0,
      changed: 0,
      set_aside: 0,
      set_aside_entries: [],
      overlay_notices: [],
      seconds: expect.any(Number),
    })
    const list = await get(service, LIST)
    expect(list.headers.get('x-dataset-version')).toBe(report.version)
    expect(await list.json()).toMatchObject({ total: 3 })
    expect(await (await refresh(service)).json()).toMatchObject({ outcome: 'unchanged', added: 0 })
    expect(upstream.requests).toHaveLength(2)
  })

  it('names what it set aside, at most a hundred of it', async () => {
    const bad = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`bad-${index}`, 1]))
    const upstream = await fakeUpstream(sends({ acme: { models: { ...THREE.acme.models, ...bad } } }))
    const service = await serviceFrom(upstream.url, { MODELDEX_ALLOW_INVALID: 'true' })
    const report = reportSchema.parse(await (await refresh(service)).json())
    expect(report).toMatchObject({ models: 3, set_aside: 150 })
    expect(report.set_aside_entries).toHaveLength(100)
    expect(report.set_aside_entries[0]).toEqual({
      path: '"acme".models."bad-0"',
      reason: expect.stringMatching(/object/),
    })
    expect(await datasetOf(service)).toMatchObject({ models: 3, set_aside: 150 })
  })

  it('is for the scope admin, and for POST', async () => {
    const service = await serviceFrom('seed')
    await expectFault(await refresh(service, { headers: {} }), 401, 'authentication_error')
    await expectFault(await refresh(service, { headers: bearer('reads') }), 403, 'forbidden_error')
    await expectFault(await refresh(service, { method: 'GET' }), 404, 'not_found_error')
    await expectFault(await refresh(service, { headers: bearer('reads'), body: 'x' }), 403, 'forbidden_error')
  })

  it('takes no source from a request: neither a parameter nor a body', async () => {
    const upstream = await fakeUpstream()
    const service = await serviceFrom(upstream.url)
    const both = await refresh(service, { body: '{"from":"http://127.0.0.1/"}' }, '?from=seed&from=x&at=1')
    const { errors } = await expectFault(both, 422, 'validation_error')
    expect(errors.map(({ loc }: { loc: string[] }) => loc)).toEqual([
      ['query', 'from'],
      ['query', 'at'],
      ['body'],
    ])
    for (const body of [' ', 'null']) {
      await expectFault(await refresh(service, { body }), 422, 'validation_error')
    }
    const head = `POST ${REFRESH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer runs\r\n`
    const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`
    expect((await sendRaw(service.baseUrl, `${chunked}1\r\nx\r\n0\r\n\r\n`)).status).toBe(422)
    // What is refused is not read, and what comes behind it on the connection is.
    const behind = `GET ${DATASET} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer runs\r\n\r\n`
    const stays = chunked.replace('Connection: close\r\n', '')
    const answers = await sendRaw(service.baseUrl, `${stays}1\r\nx\r\n2\r\nyz\r\n0\r\n\r\n${behind}`)
    expect(answers.status).toBe(422)
    expect(answers.body).toContain('HTTP/1.1 200 OK')
    expect(upstream.requests).toEqual([])
    expect((await sendRaw(service.baseUrl, `${chunked}0\r\n\r\n`)).status).toBe(200)
  })

  it.each<
    [what: string, answer: Parameters<typeof fakeUpstream>[0], code: number, type: string, detail: RegExp]
  >([
    ['an error', fails(500), 502, 'bad_gateway_error', /api\.json answered 500$/],
    ['HTML', sends('<html>'), 502, 'bad_gateway_error', /no JSON/],
    ['other models', sends({ x: { models: { y: {} } } }), 502, 'bad_gateway_error', /lacks 2 of the 2/],
    ['no more', hangs, 504, 'gateway_timeout_error', /api\.json did not answer in full within 1 s$/],
    ['a byte now and then', trickles, 504, 'gateway_timeout_error', /within 1 s$/],
  ])('fails when upstream sends %s: the catalog stays, and the dataset says so', async (...row) => {
    const [, answer, code, type, detail] = row
    const upstream = await fakeUpstream(answer)
    const service = await serviceFrom(upstream.url.replace('//', '//me:secret@'), {
      MODELDEX_FETCH_TIMEOUT: '1',
    })
    const before = await datasetOf(service)
    const fault = await expectFault(await refresh(service), code, type)
    expect(fault.detail).toMatch(detail)
    expect(fault.detail).not.toContain('secret')
    expect(await datasetOf(service)).toEqual({
      ...before,
      age_seconds: expect.any(Number),
      last_attempt: { at: expect.any(String), outcome: 'failed', error: { type, detail: fault.detail } },
    })
    expect((await get(service, `${LIST}/acme/a`)).status).toBe(200)
    upstream.answer = sends(THREE)
    expect((await refresh(service)).status).toBe(200)
    expect(await datasetOf(service)).toMatchObject({ last_attempt: { outcome: 'updated', error: null } })
  })

  it('fails when the source is no file', async () => {
    const service = await serviceFrom(join('nowhere', 'api.json'))
    const { detail } = await expectFault(await refresh(service), 502, 'bad_gateway_error')
    expect(detail).toMatch(/cannot read the source: ENOENT/)
  })

  it('lets the service answer meanwhile, and no second one begin', async () => {
    const upstream = await fakeUpstream()
    const started = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    upstream.answer = async (request, response) => {
      started.resolve()
      await finish.promise
      sends(THREE)(request, response)
    }
    const service = await serviceFrom(upstream.url)
    const first = refresh(service)
    await started.promise
    for (let count = 0; count < 20; count++) {
      expect(await (await get(service, `${LIST}?limit=${count + 1}`)).json()).toMatchObject({ total: 2 })
    }
    const fault = await expectFault(await refresh(service), 409, 'conflict_error')
    expect(fault.detail).toBe('A refresh is already running')
    expect(await datasetOf(service)).toMatchObject({ last_attempt: null })
    finish.resolve()
    expect(await (await first).json()).toMatchObject({ added: 1 })
    expect(await (await get(service, LIST)).json()).toMatchObject({ total: 3 })
  })

  it('does not hold up the thread that serves while thousands of models are written', async () => {
    const service = await serviceFrom('seed', { MODELDEX_ALLOW_SHRINK: '1' })
    let isRunning = true
    const refreshed = refresh(service).finally(() => {
      isRunning = false
    })
    let answers = 0
    for (; isRunning; answers++) {
      const { status } = await get(service, `${LIST}?limit=${(answers % 100) + 1}`)
      expect(status).toBe(200)
    }
    expect((await refreshed).status).toBe(200)
    // A refresh in this thread would let a handful through at most: before it, and behind it.
    expect(answers).toBeGreaterThan(20)
  })

  it('is refused while another process refreshes the same file', async () => {
    const service = await serviceFrom('seed')
    const lock = await lockRefresh(service.db)
    await expectFault(await refresh(service), 409, 'conflict_error')
    lock.release()
    expect(await datasetOf(service)).toMatchObject({ last_attempt: null })
  })

  it('goes on when the client does not wait', async () => {
    const upstream = await fakeUpstream()
    const started = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    upstream.answer = async (request, response) => {
      started.resolve()
      await finish.promise
      sends(THREE)(request, response)
    }
    const service = await serviceFrom(upstream.url)
    const client = request(service.baseUrl + REFRESH, { method: 'POST', headers: bearer('runs') }).end()
    client.on('error', () => {})
    await started.promise
    client.destroy()
    finish.resolve()
    await expect.poll(async () => (await datasetOf(service)).models, { timeout: 20_000 }).toBe(3)
  })

  it('is ended when the service stops, and the catalog is as it was', async () => {
    const upstream = await fakeUpstream()
    const started = Promise.withResolvers<void>()
    upstream.answer = () => started.resolve()
    const other = await serviceFrom('seed')
    const env = { ...TOKENS, MODELDEX_SOURCE: upstream.url }
    const service = await serviceForTest({ db: other.db, env })
    const running = refresh(service)
    await started.promise
    await service.close()
    await expectFault(await running, 500, 'server_error')
    const detail = 'The refresh process ended before it was done (SIGTERM)'
    expect(await datasetOf(other)).toMatchObject({
      models: 2,
      last_attempt: { outcome: 'failed', error: { type: 'server_error', detail } },
    })
    expect((await refresh(other)).status).toBe(502)
  })
})

describe('GET dataset', () => {
  it('says what is served, where it is from, and how old it is', async () => {
    let now = new Date('2030-01-01T00:00:00Z')
    const upstream = await fakeUpstream()
    const service = await serviceFrom(`${upstream.url}?key=secret`, {}, () => now)
    await refresh(service)
    now = new Date('2030-01-01T01:00:01.500Z')
    const answer = await get(service, DATASET)
    const version = answer.headers.get('x-dataset-version')
    expect(await answer.json()).toEqual({
      version,
      source: upstream.url,
      fetched_at: '2030-01-01T00:00:00.000Z',
      age_seconds: 3601,
      providers: 1,
      models: 2,
      set_aside: 0,
      schema_version: expect.any(Number),
      last_attempt: { at: '2030-01-01T00:00:00.000Z', outcome: 'unchanged', error: null },
      next_refresh: null,
    })
    const other = await serviceForTest({ db: service.db, env: TOKENS, now: () => now })
    expect(await datasetOf(other)).toEqual(await datasetOf(service))
  })

  it('is for every token and is always asked for anew', async () => {
    const service = await serviceFrom('seed', { MODELDEX_MAX_AGE: '60' })
    const answer = await get(service, DATASET)
    expect(answer.headers.get('cache-control')).toBe('private, no-cache')
    const head = await get(service, DATASET, { method: 'HEAD' })
    expect({ status: head.status, body: await head.text() }).toEqual({ status: 200, body: '' })
    await expectFault(await get(service, DATASET, { headers: bearer('no') }), 401, 'authentication_error')
    await expectFault(await get(service, `${DATASET}?at=2026-01-01`), 422, 'validation_error')
    await expectFault(await get(service, DATASET, { method: 'POST' }), 404, 'not_found_error')
  })
})

it('logs each refresh with its outcome, and no credentials', async () => {
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const upstream = await fakeUpstream(sends(THREE))
  const source = `${upstream.url.replace('//', '//me:secret@')}?key=secret`
  const env = { ...TOKENS, MODELDEX_SOURCE: source }
  const service = await serviceForTest({ catalog: TWO, env, log })
  await refresh(service)
  upstream.answer = fails(503)
  await refresh(service)
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        msg: 'catalog refreshed',
        models: 3,
        added: 1,
        setAside: 0,
        unchanged: false,
      }),
      expect.objectContaining({
        msg: 'refresh failed',
        type: 'bad_gateway_error',
        detail: `${upstream.url} answered 503`,
      }),
    ]),
  )
  expect(JSON.stringify(lines)).not.toContain('secret')
})

it('refreshes on a schedule, and goes on after a failure', async () => {
  const upstream = await fakeUpstream(fails(500))
  const service = await serviceFrom(upstream.url, { MODELDEX_REFRESH: '* * * * * *' })
  const { next_refresh } = await datasetOf(service)
  expect(new Date(next_refresh ?? '').toISOString()).toBe(next_refresh)
  await expect
    .poll(async () => (await datasetOf(service)).last_attempt, { timeout: 20_000 })
    .toMatchObject({ outcome: 'failed', error: { detail: expect.stringContaining('answered 500') } })
  upstream.answer = sends(THREE)
  await expect.poll(async () => (await datasetOf(service)).models, { timeout: 20_000 }).toBe(3)
})

it('passes a scheduled refresh over that another process has done since it was due', async () => {
  const upstream = await fakeUpstream(sends(THREE))
  const { service, clock } = await scheduled(upstream.url)
  await noteAttempt(service.db, { at: clock.at(1_500), outcome: 'unchanged', error: null })
  const { next_refresh: first } = await datasetOf(service)
  clock.set(1_900)
  const next = async () => (await datasetOf(service)).next_refresh
  await expect.poll(next, { timeout: 20_000 }).not.toBe(first)
  expect(upstream.requests).toEqual([])
  const error = { type: 'bad_gateway_error', detail: 'no' }
  await noteAttempt(service.db, { at: clock.at(2_500), outcome: 'failed', error })
  clock.set(2_900)
  await expect.poll(() => upstream.requests.length, { timeout: 20_000 }).toBeGreaterThan(0)
})

it('passes none over for what was noted while the clock was ahead', async () => {
  const upstream = await fakeUpstream(sends(THREE))
  const { service, clock } = await scheduled(upstream.url)
  await noteAttempt(service.db, { at: clock.at(3_600_000), outcome: 'unchanged', error: null })
  clock.set(1_900)
  await expect.poll(() => upstream.requests.length, { timeout: 20_000 }).toBeGreaterThan(0)
})

/** A service that refreshes each second of a clock that stands until it is moved, in ms. */
async function scheduled(source: string) {
  const start = Date.parse('2026-10-01T12:00:00.000Z')
  let now = start
  const clock = {
    at: (ms: number) => new Date(start + ms).toISOString(),
    set(ms: number) {
      now = start + ms
    },
  }
  const service = await serviceFrom(source, { MODELDEX_REFRESH: '* * * * * *' }, () => new Date(now))
  return { service, clock }
}
