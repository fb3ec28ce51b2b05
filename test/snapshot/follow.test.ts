import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openForReading, openForWriting, withDatabase } from '../../src/db/open.ts'
import { prepareCatalogFile } from '../../src/ingest/prepare.ts'
import { runProgram, startProgram } from '../cli/program.ts'
import { get, serviceForTest } from '../http/wire.ts'
import type { TestService } from '../service.ts'
import { fails, fakeUpstream } from '../source/fake-upstream.ts'
import { FIRST, folderForTest, ingestAt, SECOND, SECOND_TIME, smallCatalog, snapshotOf } from './files.ts'
import {
  CATALOG,
  DATASET,
  followEnv,
  following,
  IDS_OF_FIRST,
  IDS_OF_SECOND,
  idsOf,
  manifestOf,
  publishes,
  pulled,
} from './following.ts'

describe('one that follows', () => {
  it('begins with what the other one has, and goes on with it', async () => {
    const { publisher, follower } = await following()
    expect(await idsOf(follower)).toEqual(IDS_OF_FIRST)
    await ingestAt(publisher.db, SECOND, SECOND_TIME, publisher.dir)
    const { status, report } = await pulled(follower)
    expect(status).toBe(200)
    expect(report).toMatchObject({
      outcome: 'updated',
      added: 1,
      removed: 1,
      changed: 1,
      fetched_at: SECOND_TIME,
    })
    expect(await idsOf(follower)).toEqual(IDS_OF_SECOND)
    // The history comes with it.
    const paths = ['/api/v1/inference/changes', '/api/v1/inference/history/acme/large', CATALOG]
    for (const path of paths) {
      const [here, there] = await Promise.all([get(follower, path), get(publisher, path)])
      expect(await here.text()).toBe(await there.text())
      expect(here.headers.get('etag')).toBe(there.headers.get('etag'))
    }
    const dataset = JSON.parse(await (await get(follower, DATASET)).text())
    expect(dataset).toMatchObject({
      version: report.version,
      last_attempt: { outcome: 'updated', error: null },
    })
    expect(dataset.next_refresh).not.toBeNull()
  })

  it('takes nothing twice', async () => {
    const { publisher, proxy, follower } = await following()
    const files = () => proxy.requests.filter(({ url }) => url?.endsWith('/snapshot')).length
    expect(files()).toBe(1)
    expect((await pulled(follower)).report).toMatchObject({ outcome: 'unchanged', added: 0 })
    expect(proxy.requests.at(-1)?.headers['if-none-match']).toMatch(/^"/)
    // The same catalog, fetched later.
    await ingestAt(publisher.db, FIRST, '2026-10-05T00:00:00Z', publisher.dir)
    expect((await pulled(follower)).report).toMatchObject({ outcome: 'unchanged' })
    expect(files()).toBe(1)
    // The same catalog with another history.
    await ingestAt(publisher.db, SECOND, '2026-10-06T00:00:00Z', publisher.dir)
    await ingestAt(publisher.db, FIRST, '2026-10-07T00:00:00Z', publisher.dir)
    expect((await pulled(follower)).report).toMatchObject({ outcome: 'updated' })
    expect(files()).toBe(2)
  })

  it('asks before it serves when it starts again, and serves what it has when nobody answers', async () => {
    const db = join(folderForTest(), 'catalog.db')
    const { publisher, proxy, follower } = await following({ db })
    const env = followEnv(proxy.origin, publisher.token)
    await follower.close()
    await ingestAt(publisher.db, SECOND, SECOND_TIME, publisher.dir)
    const second = await serviceForTest({ db, env })
    expect(await idsOf(second)).toEqual(IDS_OF_SECOND)
    await second.close()
    proxy.answer = fails(500)
    expect(await idsOf(await serviceForTest({ db, env }))).toEqual(IDS_OF_SECOND)
  })

  it('goes back where the other one goes back', async () => {
    const { publisher, follower } = await following({ catalog: SECOND })
    const older = join(publisher.dir, 'older.db')
    await ingestAt(older, FIRST, '2026-09-01T00:00:00Z', publisher.dir)
    withDatabase(openForWriting(older), (db) => db.pragma('journal_mode = DELETE'))
    withDatabase(openForWriting(publisher.db), (db) => db.pragma('wal_checkpoint(TRUNCATE)'))
    copyFileSync(older, `${publisher.db}.new`)
    for (const name of ['-wal', '-shm']) rmSync(publisher.db + name, { force: true })
    renameSync(`${publisher.db}.new`, publisher.db)
    expect((await pulled(follower)).report).toMatchObject({ outcome: 'updated' })
    expect(await idsOf(follower)).toEqual(IDS_OF_FIRST)
  })

  it('holds the very bytes of the other one, and leaves nothing else behind', async () => {
    const { publisher, follower } = await following()
    const folder = join(follower.db, '..')
    const snapshot = Buffer.from(await (await get(publisher, '/api/v1/inference/snapshot')).arrayBuffer())
    expect(readFileSync(follower.db).equals(snapshot)).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['catalog.db', 'catalog.db-refresh'])
    // It is followed in turn.
    const next = await serviceForTest({
      db: join(folderForTest(), 'catalog.db'),
      env: followEnv(follower.baseUrl, 'reads'),
    })
    expect(readFileSync(next.db).equals(snapshot)).toBe(true)
  })

  it('keeps the overlay of the other one, also when it starts again', async () => {
    const publisher = await serviceForTest({ catalog: FIRST })
    const overlay = join(publisher.dir, 'overlay.json')
    writeFileSync(overlay, JSON.stringify({ deny: ['zeta'] }))
    await prepareCatalogFile(publisher.db, { overlay })
    const env = followEnv(publisher.baseUrl, publisher.token)
    const db = join(folderForTest(), 'catalog.db')
    const ids = IDS_OF_FIRST.filter((id) => id !== 'zeta/m')
    const first = await serviceForTest({ db, env })
    expect(await idsOf(first)).toEqual(ids)
    await first.close()
    // It was written to, as by a newer build.
    withDatabase(openForWriting(db), (connection) => connection.exec("UPDATE dataset SET build = 'other'"))
    await publisher.close()
    expect(await idsOf(await serviceForTest({ db, env }))).toEqual(ids)
  })

  it('takes an overlay that leaves the catalog as it was', async () => {
    const { publisher, follower } = await following()
    const overlay = join(publisher.dir, 'overlay.json')
    // What upstream says already.
    writeFileSync(overlay, JSON.stringify({ override: { zeta: { models: { m: { name: 'Zeta M' } } } } }))
    await prepareCatalogFile(publisher.db, { overlay })
    const detail = async (service: TestService) => {
      const answer = await get(service, '/api/v1/inference/models/zeta/m')
      return { etag: answer.headers.get('etag'), text: await answer.text() }
    }
    const there = await detail(publisher)
    expect(await detail(follower)).not.toEqual(there)
    expect((await pulled(follower)).report).toMatchObject({ outcome: 'updated', changed: 0 })
    expect(await detail(follower)).toEqual(there)
    expect((await pulled(follower)).report).toMatchObject({ outcome: 'unchanged' })
  })

  it('takes the place of a catalog with writes beside it', async () => {
    const db = await smallCatalog(folderForTest())
    const reader = openForReading(db)
    reader.prepare('SELECT * FROM dataset').all()
    onTestFinished(() => void reader.close())
    withDatabase(openForWriting(db), (connection) => connection.exec("UPDATE dataset SET source = 'late'"))
    expect(existsSync(`${db}-wal`)).toBe(true)
    const { follower } = await following({ db })
    await expect.poll(() => idsOf(follower), { timeout: 20_000 }).toEqual(IDS_OF_FIRST)
    expect(reader.prepare('SELECT source FROM dataset').pluck().get()).toBe('late')
    withDatabase(openForReading(db), (connection) =>
      expect(connection.pragma('integrity_check', { simple: true })).toBe('ok'),
    )
  })

  it('answers every request meanwhile, from the one or the other', async () => {
    const { publisher, follower } = await following()
    let isOver = false
    const answers: Promise<Set<string>>[] = Array.from({ length: 4 }, async () => {
      const seen = new Set<string>()
      for (let round = 0; !isOver; round++) {
        const answer = await get(follower, `${CATALOG}?limit=${(round % 100) + 1}`)
        seen.add(`${answer.status} ${answer.headers.get('x-dataset-version')}`)
        await answer.text()
      }
      return seen
    })
    const versions: unknown[] = []
    for (const [round, catalog] of [SECOND, FIRST, SECOND].entries()) {
      await ingestAt(publisher.db, catalog, `2026-10-1${round}T00:00:00Z`, publisher.dir)
      const { report } = await pulled(follower)
      versions.push(report.version, report.previous_version)
    }
    isOver = true
    const seen = new Set((await Promise.all(answers)).flatMap((set) => [...set]))
    expect([...seen].sort()).toEqual([...new Set(versions)].map((version) => `200 ${version}`).sort())
  })

  it('makes the serving tables of another build anew', async () => {
    const { publisher, proxy, follower } = await following()
    await ingestAt(publisher.db, SECOND, SECOND_TIME, publisher.dir)
    const other = join(publisher.dir, 'other.db')
    writeFileSync(
      other,
      Buffer.from(await (await get(publisher, '/api/v1/inference/snapshot')).arrayBuffer()),
    )
    withDatabase(openForWriting(other), (db) => {
      db.exec("UPDATE dataset SET build = 'other'; DELETE FROM entry_body")
      db.pragma('journal_mode = DELETE')
    })
    proxy.answer = publishes(readFileSync(other), await manifestOf(publisher), { build: 'other' })
    expect((await pulled(follower)).report).toMatchObject({ outcome: 'updated' })
    expect(await idsOf(follower)).toEqual(IDS_OF_SECOND)
  })
})

describe('as a process', () => {
  it('follows by itself', async () => {
    const publisher = await serviceForTest({ catalog: FIRST })
    const cwd = folderForTest()
    const env = { ...followEnv(publisher.baseUrl, publisher.token), MODELDEX_FOLLOW_INTERVAL: '1' }
    const child = startProgram(['serve', '--port', '0'], { cwd, env })
    onTestFinished(() => void child.kill('SIGKILL'))
    let stdout = ''
    child.stdout.on('data', (chunk) => (stdout += chunk))
    const url = () => /listens on (\S+)/.exec(stdout)?.[1]
    await expect.poll(url, { timeout: 20_000 }).toBeDefined()
    const ids = () => idsOf({ ...publisher, baseUrl: url() ?? '', token: 'reads' })
    expect(await ids()).toEqual(IDS_OF_FIRST)
    await ingestAt(publisher.db, SECOND, SECOND_TIME, publisher.dir)
    await expect.poll(ids, { timeout: 20_000 }).toEqual(IDS_OF_SECOND)
  })

  it('does not start where there is nothing to serve, and says why', async () => {
    const cwd = folderForTest()
    const upstream = await fakeUpstream(fails(401))
    const { code, stdout, stderr } = await runProgram(['serve', '--port', '0', '--log-level', 'silent'], {
      cwd,
      env: followEnv(upstream.origin, 'wrong'),
    })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      `modeldex: ${upstream.origin}/api/v1/inference/snapshot/manifest answered 401: see MODELDEX_FOLLOW_TOKEN\n`,
    )
    expect(upstream.requests[0]?.headers.authorization).toBe('Bearer wrong')
  })

  it('says so when there is no room for it, and takes none', async () => {
    const publisher = await serviceForTest({ catalog: FIRST })
    const cwd = folderForTest()
    // 50 kB, in blocks of 512 bytes.
    const wrapper = ['sh', '-c', 'ulimit -f 100 && exec "$@"', 'sh']
    const env = followEnv(publisher.baseUrl, publisher.token)
    const { code, stderr } = await runProgram(['serve', '--port', '0'], { cwd, env, wrapper })
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^modeldex: cannot (write|use) data\/catalog\.db.*\n$/),
    })
    expect(readdirSync(join(cwd, 'data')).filter((name) => name.includes('incoming'))).toEqual([])
  })

  it('follows into no snapshot', async () => {
    const folder = folderForTest()
    const file = join(folder, 'snapshot.db')
    await snapshotOf(await smallCatalog(folder), file)
    const env = followEnv('http://127.0.0.1:9', 'x')
    const { code, stderr } = await runProgram(['serve', '--port', '0', '--db', file], { cwd: folder, env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^modeldex: The catalog is a snapshot and stays as it is/)
  })

  it.each([
    [['serve', '--refresh', '0 * * * *'], /--follow: the catalog comes from there alone/],
    [['serve', '--source', 'x.json'], /--follow: the catalog comes from there alone/],
    [['ingest', '--from', 'seed'], /MODELDEX_FOLLOW: what follows another modeldex/],
    [
      ['serve', '--follow', 'ftp://x'],
      /--follow: must be a URL such as http:\/\/modeldex:8787, not "ftp:\/\/x"/,
    ],
    [['serve', '--follow-interval', '0'], /--follow-interval: must be a whole number from 1/],
  ])('%j is a wrong use', async (args, message) => {
    const { code, stderr } = await runProgram(args, {
      cwd: folderForTest(),
      env: followEnv('http://127.0.0.1:9', 'x'),
    })
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})
