import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openForReading, openForWriting, withDatabase } from '../../src/db/open.ts'
import { readDataset } from '../../src/ingest/dataset.ts'
import { type RefreshOptions, refresh } from '../../src/ingest/refresh.ts'
import { lockRefresh, readAttempt } from '../../src/ingest/refresh-file.ts'
import { fails, fakeUpstream, redirects, sends, sendsTagged, THREE, TWO } from '../source/fake-upstream.ts'
import { acme, inTemporaryFolder, writeCatalog } from './catalogs.ts'

const GUARDS = { allowShrink: false, allowInvalid: false }

/** A refresh of the file in this folder. */
function refreshIn(folder: string, from: string, options: Partial<RefreshOptions> = {}) {
  return refresh({ db: join(folder, 'catalog.db'), from, ...GUARDS, ...options })
}

function models(count: number, first = 0): Record<string, object> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`m-${first + index}`, {}]))
}

describe('a source that lost models', () => {
  test('up to half of them is taken, more only when told so', () =>
    inTemporaryFolder(async (folder) => {
      await refreshIn(folder, writeCatalog(folder, acme(models(10))))
      await refreshIn(folder, writeCatalog(folder, acme(models(5))))
      await refreshIn(folder, writeCatalog(folder, acme(models(10))))
      const four = writeCatalog(folder, acme(models(4)))
      await expect(refreshIn(folder, four)).rejects.toMatchObject({
        code: 'bad_gateway',
        message:
          'the source has 4 models and lacks 6 of the 10 in the catalog, more than half: --allow-shrink takes it',
      })
      expect(await refreshIn(folder, four, { allowShrink: true })).toMatchObject({ models: 4, removed: 6 })
    }))

  test('other models in their place do not make up for it', () =>
    inTemporaryFolder(async (folder) => {
      await refreshIn(folder, writeCatalog(folder, acme(models(10))))
      const others = writeCatalog(folder, acme(models(20, 5)))
      expect(await refreshIn(folder, others)).toMatchObject({ removed: 5 })
      const strangers = writeCatalog(folder, acme(models(20, 100)))
      await expect(refreshIn(folder, strangers)).rejects.toThrow(/lacks 20 of the 20/)
    }))
})

describe('a source that does not parse', () => {
  test('up to 5 % is taken, more only when told so', () =>
    inTemporaryFolder(async (folder) => {
      const spoilt = (good: number) => writeCatalog(folder, acme({ ...models(good), bad: { name: 1 } }))
      expect(await refreshIn(folder, spoilt(19))).toMatchObject({ models: 19, setAside: [expect.anything()] })
      await expect(refreshIn(folder, spoilt(18))).rejects.toMatchObject({
        code: 'bad_gateway',
        message: "1 of the source's 19 models do not parse, more than 5 %: --allow-invalid takes the rest",
      })
      expect(await refreshIn(folder, spoilt(18), { allowInvalid: true })).toMatchObject({ models: 18 })
    }))

  test('a provider counts with all its models', () =>
    inTemporaryFolder(async (folder) => {
      const broken = { env: 'KEY', models: models(10) }
      const catalog = writeCatalog(folder, { ...acme(models(100)), broken })
      await expect(refreshIn(folder, catalog)).rejects.toThrow(/^10 of the source's 110 models do not parse/)
    }))

  test('a first one leaves no file behind', () =>
    inTemporaryFolder(async (folder) => {
      const source = writeCatalog(folder, acme({ good: {}, bad: 1 }))
      await expect(refreshIn(folder, source)).rejects.toThrow(/1 of the source's 2 models/)
      expect(existsSync(join(folder, 'catalog.db'))).toBe(false)
      expect(await refreshIn(folder, source, { allowInvalid: true })).toMatchObject({ models: 1 })
    }))
})

describe('a URL is asked for what is new', () => {
  test('and 304 renews the time of the fetch alone', () =>
    inTemporaryFolder(async (folder) => {
      const upstream = await fakeUpstream(sendsTagged(TWO, '"two"'))
      const first = await refreshIn(folder, upstream.url, { now: () => new Date('2026-10-01T00:00:00Z') })
      const again = await refreshIn(folder, upstream.url, { now: () => new Date('2026-10-02T00:00:00Z') })
      expect(again).toMatchObject({ unchanged: true, version: first.version, models: 2, setAside: [] })
      expect(upstream.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"two"'])
      expect(withDatabase(openForReading(join(folder, 'catalog.db')), readDataset)).toMatchObject({
        source: upstream.url,
        fetchedAt: '2026-10-02T00:00:00.000Z',
        ingestedAt: '2026-10-01T00:00:00.000Z',
      })
      upstream.answer = sendsTagged(THREE, '"three"')
      expect(await refreshIn(folder, upstream.url)).toMatchObject({ unchanged: false, added: 1 })
    }))

  test('but not where another source came between', () =>
    inTemporaryFolder(async (folder) => {
      const upstream = await fakeUpstream(sendsTagged(TWO, '"two"'))
      await refreshIn(folder, upstream.url)
      await refreshIn(folder, writeCatalog(folder, THREE))
      expect(await refreshIn(folder, upstream.url)).toMatchObject({ removed: 1 })
      expect(upstream.requests.at(-1)?.headers['if-none-match']).toBeUndefined()
    }))

  test('nor where it is another URL, or the file was taken away, or something was set aside', () =>
    inTemporaryFolder(async (folder) => {
      const upstream = await fakeUpstream(sendsTagged(TWO, '"two"'))
      await refreshIn(folder, upstream.url)
      await refreshIn(folder, `${upstream.url}?other`)
      await refresh({ db: join(folder, 'other.db'), from: `${upstream.url}?other`, ...GUARDS })
      upstream.answer = sendsTagged(acme({ good: {}, bad: 1 }), '"bad"')
      const options = { allowInvalid: true, allowShrink: true }
      const report = await refreshIn(folder, upstream.url, options)
      expect(await refreshIn(folder, upstream.url, options)).toMatchObject({ setAside: report.setAside })
      const asked = upstream.requests.map(({ headers }) => headers['if-none-match'])
      expect(asked).toEqual(asked.map(() => undefined))
    }))
})

describe('the last attempt', () => {
  test('is written down beside the catalog, which a failure leaves as it was', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      expect(readAttempt(db)).toBeUndefined()
      const upstream = await fakeUpstream()
      await refreshIn(folder, upstream.url, { now: () => new Date('2026-10-01T00:00:00Z') })
      expect(readAttempt(db)).toEqual({ at: '2026-10-01T00:00:00.000Z', outcome: 'updated', error: null })
      await refreshIn(folder, upstream.url)
      expect(readAttempt(db)).toMatchObject({ outcome: 'unchanged', error: null })
      const before = readFileSync(db)
      upstream.answer = fails(500)
      await expect(refreshIn(folder, upstream.url)).rejects.toThrow()
      const detail = `${upstream.url} answered 500`
      expect(readAttempt(db)).toMatchObject({
        outcome: 'failed',
        error: { type: 'bad_gateway_error', detail },
      })
      expect(readFileSync(db).equals(before)).toBe(true)
      const files = readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name))
      expect(files.sort()).toEqual(['catalog.db', 'catalog.db-refresh'])
    }))

  test('of a file that holds no notes is not known, and no reason to fail', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      const from = writeCatalog(folder, TWO)
      writeFileSync(`${db}-refresh`, '')
      expect(readAttempt(db)).toBeUndefined()
      await refreshIn(folder, from)
      withDatabase(openForWriting(db), () => {})
      writeFileSync(`${db}-refresh`, 'nonsense'.repeat(1000))
      expect(readAttempt(db)).toBeUndefined()
      await expect(refreshIn(folder, from)).rejects.toThrow(/catalog\.db-refresh is damaged: delete it/)
    }))
})

test('one refresh at a time; readers are let in meanwhile', () =>
  inTemporaryFolder(async (folder) => {
    const db = join(folder, 'catalog.db')
    const from = writeCatalog(folder, TWO)
    await refreshIn(folder, from)
    const lock = await lockRefresh(db)
    await expect(refreshIn(folder, from)).rejects.toMatchObject({ code: 'conflict' })
    expect(readAttempt(db)).toMatchObject({ outcome: 'updated' })
    const waiting = refreshIn(folder, from, { waitMs: 30_000 })
    lock.release()
    expect(await waiting).toMatchObject({ unchanged: true })
  }))

describe('what an upstream may send', () => {
  test.each<[what: string, answer: Parameters<typeof fakeUpstream>[0], message: RegExp]>([
    ['HTML', sends('<!doctype html><p>Sign in</p>', { 'content-type': 'text/html' }), /no JSON.*"<!doctype/],
    ['half a file', sends(JSON.stringify(TWO).slice(0, 30)), /no JSON/],
    ['another JSON', sends('["a"]'), /top level is no object/],
    ['an empty answer', sends(''), /no JSON/],
    ['a redirect to a file', redirects('file:///etc/passwd'), /redirects to file:/],
  ])('%s changes nothing', async (_what, answer, message) => {
    await inTemporaryFolder(async (folder) => {
      const upstream = await fakeUpstream()
      const { version } = await refreshIn(folder, upstream.url)
      upstream.answer = answer ?? fails(500)
      await expect(refreshIn(folder, upstream.url)).rejects.toMatchObject({
        code: 'bad_gateway',
        message: expect.stringMatching(message),
      })
      const db = join(folder, 'catalog.db')
      expect(withDatabase(openForReading(db), readDataset)).toMatchObject({ version })
      expect(readAttempt(db)?.error?.detail).toMatch(message)
    })
  })

  test('ids and dates that look hostile are data; those nobody could ask for are set aside', () =>
    inTemporaryFolder(async (folder) => {
      const odd = [
        '../../etc/passwd',
        'a\u0001\u001b[31m\u007fb',
        '\u202egpj',
        "'; DROP TABLE model; --",
        ' ',
      ]
      const kept = Object.fromEntries(odd.map((id) => [id, { release_date: '2999-12-31' }]))
      const bad = { 'nul\0': {}, ['x'.repeat(10_000)]: {}, '\ud800': {} }
      const catalog = { '..': { models: { ...kept, ...bad } }, 'a/../b': { models: { m: {} } } }
      const from = writeCatalog(folder, catalog)
      const { setAside } = await refreshIn(folder, from, { allowInvalid: true })
      expect(setAside.map(({ reason }) => reason)).toEqual([
        'the id holds U+0000',
        'the id has 10000 characters, more than 1024',
        'the id holds half a surrogate pair',
        'the id holds a slash',
      ])
      const db = join(folder, 'catalog.db')
      const rows = withDatabase(openForReading(db), (connection) =>
        connection.prepare('SELECT id, release_date FROM model').raw().all(),
      )
      expect(rows.toSorted()).toEqual(odd.map((id) => [`../${id}`, '2999-12-31']).toSorted())
    }))
})
