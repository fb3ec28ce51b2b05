import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { verifySnapshot } from '../../src/snapshot/verify.ts'
import { seededService, type TestService } from '../service.ts'
import { FIRST, FIRST_TIME, folderForTest, ingestAt, SECOND, snapshotOf } from '../snapshot/files.ts'
import { expectEnvelope, get, open, serviceForTest } from './wire.ts'

const SNAPSHOT = '/api/v1/inference/snapshot'
const MANIFEST = `${SNAPSHOT}/manifest`

describe('the snapshot of what is served', () => {
  let service: TestService
  let whole: Buffer
  let etag: string
  const ask = (headers: Record<string, string> = {}, method = 'GET') =>
    get(service, SNAPSHOT, { headers, method })
  const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer())

  beforeAll(async () => {
    service = await seededService()
    const answer = await ask()
    etag = answer.headers.get('etag') ?? ''
    whole = await bytesOf(answer)
  })
  afterAll(() => service.close())

  it('comes whole, with its digest', async () => {
    const answer = await ask()
    expect(answer.status).toBe(200)
    expect((await bytesOf(answer)).equals(whole)).toBe(true)
    const digest = createHash('sha256').update(whole)
    const version = (await get(service, '/api/v1/inference/catalog')).headers.get('x-dataset-version')
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'repr-digest': `sha-256=:${digest.copy().digest('base64')}:`,
      etag: `"${digest.digest('hex')}"`,
      'content-length': String(whole.length),
      'content-type': 'application/vnd.sqlite3',
      'content-disposition': `attachment; filename="modeldex-${version?.slice(0, 12)}.db"`,
      'accept-ranges': 'bytes',
      'x-dataset-version': version,
      'cache-control': 'private, no-cache',
    })
    expect(answer.headers.get('content-encoding')).toBeNull()
  })

  it('is what export writes, and verifies with the manifest that is beside it', async () => {
    const folder = folderForTest()
    const file = join(folder, 'got.db')
    writeFileSync(file, whole)
    const manifest = await get(service, MANIFEST)
    expect(manifest.headers.get('content-type')).toBe('application/json; charset=utf-8')
    writeFileSync(`${file}.json`, await manifest.text())
    await expect(verifySnapshot(file)).resolves.toMatchObject({ models: 8337, source: 'seed' })
    const exported = await snapshotOf(service.db, join(folder, 'exported.db'))
    expect(`"${exported.sha256}"`).toBe(etag)
    const tag = manifest.headers.get('etag') ?? ''
    expect((await get(service, MANIFEST, { headers: { 'If-None-Match': tag } })).status).toBe(304)
  })

  it('answers HEAD as GET, without the body', async () => {
    const answer = await ask({ Range: 'bytes=0-9' }, 'HEAD')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-length')).toBe(String(whole.length))
    expect((await bytesOf(answer)).length).toBe(0)
  })

  it.each([
    ['bytes=0-99', 0, 100],
    ['bytes=100-', 100, undefined],
    ['bytes=-100', -100, undefined],
    ['bytes=5-5', 5, 6],
    ['BYTES=0-0', 0, 1],
    ['bytes=10-99999999999', 10, undefined],
    ['bytes=-99999999999', 0, undefined],
  ])('a part of it: %s', async (range, from, to) => {
    const part = whole.subarray(from, to)
    const answer = await ask({ Range: range })
    expect(answer.status).toBe(206)
    const first = from < 0 ? whole.length + from : from
    expect(answer.headers.get('content-range')).toBe(
      `bytes ${first}-${first + part.length - 1}/${whole.length}`,
    )
    expect(answer.headers.get('content-length')).toBe(String(part.length))
    expect((await bytesOf(answer)).equals(part)).toBe(true)
  })

  it.each(['bytes=99999999999-', 'bytes=-0'])('nothing of it: %s', async (range) => {
    const answer = await ask({ Range: range })
    expect({ status: answer.status, body: await answer.text() }).toEqual({ status: 416, body: '' })
    expect(answer.headers.get('content-range')).toBe(`bytes */${whole.length}`)
  })

  it.each(['bytes=9-5', 'bytes=-', 'bytes=a-b', 'lines=0-9', 'bytes=0-1,4-5', 'bytes 0-9'])(
    'all of it where a range makes no sense: %s',
    async (range) => {
      const answer = await ask({ Range: range })
      expect(answer.status).toBe(200)
      await answer.body?.cancel()
    },
  )

  it('says in every status what all answers say, and has its bytes in the log', async () => {
    const lines: Record<string, unknown>[] = []
    const log = pino({}, { write: (line) => void lines.push(JSON.parse(line)) })
    const logging = await serviceForTest({ log, env: { MODELDEX_CORS_ORIGINS: '*' } })
    const size = Number((await get(logging, SNAPSHOT, { method: 'HEAD' })).headers.get('content-length'))
    lines.length = 0
    const asked: [headers: Record<string, string>, status: number, bytes: number][] = [
      [{}, 200, size],
      [{ Range: 'bytes=10-29' }, 206, 20],
      [{ Range: 'bytes=-0' }, 416, 0],
      [{ 'If-Match': '"other"' }, 412, 0],
      [{ 'If-None-Match': '*' }, 304, 0],
    ]
    for (const [headers] of asked) {
      const answer = await get(logging, SNAPSHOT, { headers: { ...headers, Origin: 'http://a.example' } })
      await answer.arrayBuffer()
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        vary: expect.stringContaining('Authorization, X-API-Key'),
        'access-control-allow-origin': '*',
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.any(String),
        'ratelimit-policy': expect.any(String),
      })
      expect(answer.headers.get('transfer-encoding')).toBeNull()
    }
    const requests = () => lines.filter(({ msg }) => msg === 'request')
    await expect.poll(() => requests().length).toBe(asked.length)
    expect(requests().map(({ status, bytes }) => [status, bytes])).toEqual(
      asked.map(([, status, bytes]) => [status, bytes]),
    )
  })

  it('keeps to the conditions of a request', async () => {
    const range = { Range: 'bytes=0-9' }
    const expected: [Record<string, string>, number][] = [
      [{ 'If-None-Match': etag }, 304],
      [{ 'If-None-Match': `W/${etag}`, ...range }, 304],
      [{ 'If-None-Match': '"other"' }, 200],
      [{ 'If-Match': etag }, 200],
      [{ 'If-Match': '*' }, 200],
      [{ 'If-Match': '"other"' }, 412],
      [{ 'If-Match': `W/${etag}` }, 412],
      [{ 'If-Match': `"other", ${etag}`, ...range }, 206],
      [{ 'If-Range': etag, ...range }, 206],
      [{ 'If-Range': '"other"', ...range }, 200],
      [{ 'If-Range': `W/${etag}`, ...range }, 200],
      [{ 'If-Range': new Date().toUTCString(), ...range }, 200],
    ]
    for (const [headers, status] of expected) {
      const answer = await ask(headers)
      expect(answer.status, JSON.stringify(headers)).toBe(status)
      if (status > 299) expect(await answer.text()).toBe('')
      else await answer.body?.cancel()
    }
  })

  it('is for those with a token, and takes no parameters', async () => {
    for (const path of [SNAPSHOT, MANIFEST]) {
      const stranger = await fetch(service.baseUrl + path)
      expectEnvelope(stranger, await stranger.text(), 401, 'authentication_error')
      const asked = await get(service, `${path}?version=1`)
      expectEnvelope(asked, await asked.text(), 422, 'validation_error')
      const posted = await get(service, path, { method: 'POST' })
      expectEnvelope(posted, await posted.text(), 404, 'not_found_error')
    }
  })

  it('a client that reads slowly, or goes, holds up nobody', async () => {
    const socket = await open(service.baseUrl)
    socket.write(`GET ${SNAPSHOT} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${service.token}\r\n\r\n`)
    await once(socket, 'readable')
    socket.pause()
    expect((await get(service, '/api/v1/inference/catalog?limit=1')).status).toBe(200)
    expect((await bytesOf(await ask())).length).toBe(whole.length)
    socket.destroy()
    expect((await bytesOf(await ask())).length).toBe(whole.length)
  })
})

describe('making it', () => {
  /** A service whose temporary folder is its own to look at. */
  async function serviceWithFolder() {
    const folder = join(folderForTest(), 'tmp')
    mkdirSync(folder)
    const before = process.env.TMPDIR
    onTestFinished(() => {
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
    })
    const service = await seededService({ catalog: FIRST })
    onTestFinished(() => service.close())
    process.env.TMPDIR = folder
    const files = () =>
      readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.db'))
    return { service, folder, files }
  }

  it('once for all who ask, and again when the catalog is another', async () => {
    const { service, folder, files } = await serviceWithFolder()
    const answers = await Promise.all(Array.from({ length: 5 }, () => get(service, MANIFEST)))
    const tags = new Set(answers.map(({ headers }) => headers.get('etag')))
    expect(tags.size).toBe(1)
    expect(files()).toHaveLength(1)
    for (let round = 0; round < 4; round++) {
      const catalog = round % 2 === 0 ? SECOND : FIRST
      await ingestAt(service.db, catalog, FIRST_TIME, service.dir)
      const { version, states } = JSON.parse(await (await get(service, MANIFEST)).text())
      expect(states).toBe(round + 2)
      expect((await get(service, SNAPSHOT, { method: 'HEAD' })).headers.get('x-dataset-version')).toBe(
        version,
      )
    }
    expect(files()).toHaveLength(2)
    const { sha256 } = JSON.parse(await (await get(service, MANIFEST)).text())
    await ingestAt(service.db, FIRST, '2026-12-01T00:00:00Z', service.dir)
    expect(JSON.parse(await (await get(service, MANIFEST)).text())).toMatchObject({ sha256 })
    await service.close()
    expect(readdirSync(folder)).toEqual([])
  })

  it('a client half-way through keeps its file', async () => {
    const service = await serviceForTest()
    const etag = (await get(service, SNAPSHOT, { method: 'HEAD' })).headers.get('etag')
    const slow = await get(service, SNAPSHOT)
    const reader = slow.body?.getReader()
    const sha256 = createHash('sha256').update((await reader?.read())?.value ?? '')
    for (let round = 0; round < 3; round++) {
      await ingestAt(service.db, round % 2 === 0 ? FIRST : SECOND, FIRST_TIME, service.dir)
      expect((await get(service, SNAPSHOT, { method: 'HEAD' })).headers.get('etag')).not.toBe(etag)
    }
    for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read())
      sha256.update(part.value)
    expect(`"${sha256.digest('hex')}"`).toBe(etag)
  })

  it('a failure is told as one of ours, and the next request tries again', async () => {
    const { service, folder } = await serviceWithFolder()
    process.env.TMPDIR = join(folder, 'missing')
    const failed = await get(service, MANIFEST)
    expectEnvelope(failed, await failed.text(), 500, 'server_error')
    process.env.TMPDIR = folder
    expect((await get(service, MANIFEST)).status).toBe(200)
  })

  it('a server that stops waits for none', async () => {
    const service = await seededService()
    const asked = get(service, SNAPSHOT).catch(() => undefined)
    await sleep(100)
    await service.close()
    await (await asked)?.body?.cancel()
    expect(existsSync(service.db)).toBe(false)
  })
})
