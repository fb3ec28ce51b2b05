import { readdirSync, readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ingest } from '../../src/ingest/ingest.ts'
import { get, serviceForTest } from '../http/wire.ts'
import type { TestService } from '../service.ts'
import { fails, fakeUpstream, hangs, sends } from '../source/fake-upstream.ts'
import { FIRST, folderForTest, ingestAt, SECOND, SECOND_TIME } from './files.ts'
import {
  DATASET,
  type Following,
  followEnv,
  following,
  handsOn,
  IDS_OF_FIRST,
  IDS_OF_SECOND,
  idsOf,
  manifestOf,
  publishes,
  pulled,
} from './following.ts'

describe('the old catalog stays, and the reason is told, when', () => {
  const whole = async (service: TestService) =>
    Buffer.from(await (await get(service, '/api/v1/inference/snapshot')).arrayBuffer())
  type Case = [
    what: string,
    answer: (from: Following) => Promise<RequestListener>,
    status: number,
    reason: RegExp,
  ]
  const cases: Case[] = [
    [
      'the other one is down',
      async () => (_request, response) => void response.destroy(),
      502,
      /^cannot fetch .*broke off/,
    ],
    ['it does not take the token', async () => fails(401), 502, / answered 401: see MODELDEX_FOLLOW_TOKEN$/],
    ['it has no snapshots', async () => fails(404), 502, /\/snapshot\/manifest answered 404$/],
    ['it fails', async () => fails(500), 502, / answered 500$/],
    ['it sends no manifest', async () => sends('<html>'), 502, /is no manifest of a snapshot/],
    ['it hangs', async () => hangs, 504, /did not answer in full within 2 s$/],
    [
      'its manifest was altered',
      async ({ publisher }) => sends({ ...(await manifestOf(publisher)), source: 'elsewhere' }),
      502,
      /was altered/,
    ],
    [
      'it sends garbage',
      async ({ publisher }) => publishes(Buffer.from('garbage'), await manifestOf(publisher)),
      502,
      /^the snapshot of http:\S+ is not what its manifest says: it is no snapshot, but a catalog to be written to$/,
    ],
    [
      'it sends other bytes than its manifest says',
      async ({ publisher }) =>
        publishes((await whole(publisher)).fill(1, 9000, 9100), await manifestOf(publisher), {
          sha256: (await manifestOf(publisher)).sha256,
        }),
      502,
      /its sha256 is \w+, not \w+$/,
    ],
    [
      'it sends less',
      async ({ publisher }) =>
        publishes((await whole(publisher)).subarray(0, 5000), await manifestOf(publisher), {
          bytes: (await manifestOf(publisher)).bytes,
        }),
      502,
      /sent less than its manifest says$/,
    ],
    [
      'it sends more',
      async ({ publisher }) =>
        publishes(Buffer.concat([await whole(publisher), Buffer.alloc(9)]), await manifestOf(publisher), {
          bytes: (await manifestOf(publisher)).bytes,
        }),
      502,
      /sent more than its manifest says$/,
    ],
    [
      'it sends another catalog than its manifest says',
      async ({ publisher }) =>
        publishes(await whole(publisher), await manifestOf(publisher), { version: 'other' }),
      502,
      /its version is \w+, not other$/,
    ],
    [
      'it is newer',
      async ({ publisher }) =>
        publishes(await whole(publisher), await manifestOf(publisher), { schema_version: 99 }),
      502,
      /is a newer modeldex \(its schema is 99, this one knows up to \d+\): update this one to follow it$/,
    ],
    [
      'its snapshot is larger than may be',
      async ({ publisher }) => publishes(await whole(publisher), await manifestOf(publisher), { bytes: 2e9 }),
      502,
      /has a snapshot of 2000000000 bytes: the limit is 256000000$/,
    ],
  ]

  it.each(cases)('%s', async (_what, answer, status, reason) => {
    const publisher = await serviceForTest({ catalog: FIRST })
    const proxy = await fakeUpstream(handsOn(publisher))
    const follower = await serviceForTest({
      db: join(folderForTest(), 'catalog.db'),
      env: { ...followEnv(proxy.origin, publisher.token), MODELDEX_FETCH_TIMEOUT: '2' },
    })
    const bytes = readFileSync(follower.db)
    await ingestAt(publisher.db, SECOND, SECOND_TIME, publisher.dir)
    proxy.answer = await answer({ publisher, proxy, follower })
    const failed = await pulled(follower)
    expect(failed.status).toBe(status)
    expect(failed.report.detail).toMatch(reason)
    expect(await idsOf(follower)).toEqual(IDS_OF_FIRST)
    const { last_attempt } = JSON.parse(await (await get(follower, DATASET)).text())
    expect(last_attempt).toMatchObject({ outcome: 'failed', error: { detail: failed.report.detail } })
    expect(readFileSync(follower.db).equals(bytes)).toBe(true)

    proxy.answer = handsOn(publisher)
    expect(await pulled(follower)).toMatchObject({ status: 200, report: { outcome: 'updated' } })
    expect(await idsOf(follower)).toEqual(IDS_OF_SECOND)
    expect(readdirSync(join(follower.db, '..')).sort()).toEqual(['catalog.db', 'catalog.db-refresh'])
  })
})

describe('a connection that breaks', { timeout: 120_000 }, () => {
  /** Small enough for several parts, and more than what a reader loses that was not taken up yet. */
  const PART_BYTES = 5_000_000
  const fileRequests = ({ proxy }: Following) =>
    proxy.requests.filter(({ url }) => url?.endsWith('/snapshot'))
  const incomingOf = ({ follower }: Following) =>
    readdirSync(join(follower.db, '..')).filter((name) => name.includes('incoming'))

  it('is taken up where it broke', async () => {
    const all = await following()
    await ingest({ db: all.publisher.db, from: 'seed' })
    all.proxy.requests.length = 0
    all.proxy.answer = handsOn(all.publisher, PART_BYTES)
    expect((await pulled(all.follower)).report).toMatchObject({ outcome: 'updated', models: 8337 })
    const [first, ...rest] = fileRequests(all).map(({ headers }) => headers.range)
    expect(first).toBeUndefined()
    expect(rest.length).toBeGreaterThanOrEqual(2)
    const begins = rest.map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1]))
    expect(begins).toEqual(begins.toSorted((a, b) => a - b))
    expect(begins[0]).toBeGreaterThan(PART_BYTES / 2)
  })

  it('is taken up by the next pull, unless there is another catalog by then', async () => {
    const all = await following()
    const { publisher, proxy, follower } = all
    const failInTheMiddle = async () => {
      let requests = 0
      const cut = handsOn(publisher, PART_BYTES)
      proxy.answer = (asked, response) => {
        if (asked.url?.endsWith('/snapshot') && ++requests > 1) response.destroy()
        else cut(asked, response)
      }
      expect((await pulled(follower)).status).toBe(502)
      expect(await idsOf(follower)).toEqual(IDS_OF_FIRST)
      expect(incomingOf(all)).toHaveLength(1)
      proxy.requests.length = 0
      proxy.answer = handsOn(publisher)
    }
    await ingest({ db: publisher.db, from: 'seed' })
    await failInTheMiddle()
    await ingestAt(publisher.db, SECOND, '2030-01-01T00:00:00Z', publisher.dir)
    expect((await pulled(follower)).report).toMatchObject({ outcome: 'updated', models: 4 })
    expect(fileRequests(all).map(({ headers }) => headers.range)).toEqual([undefined])
    expect(incomingOf(all)).toEqual([])

    await ingestAt(publisher.db, FIRST, '2030-01-02T00:00:00Z', publisher.dir)
    await pulled(follower)
    await ingest({ db: publisher.db, from: 'seed' })
    await failInTheMiddle()
    expect((await pulled(follower)).report).toMatchObject({ outcome: 'updated', models: 8337 })
    expect(fileRequests(all)[0]?.headers.range).toMatch(/^bytes=[1-9]\d{6}-$/)
    expect(incomingOf(all)).toEqual([])
  })
})
