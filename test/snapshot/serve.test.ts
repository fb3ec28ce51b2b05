import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openForWriting, withDatabase } from '../../src/db/open.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { fingerprintOfFile } from '../../src/snapshot/file-digest.ts'
import { makeManifest, manifestText, readManifest } from '../../src/snapshot/manifest.ts'
import { runProgram, startProgram } from '../cli/program.ts'
import { get, serviceForTest } from '../http/wire.ts'
import { writeCatalog } from '../ingest/catalogs.ts'
import { folderForTest, SECOND, smallCatalog, snapshotOf } from './files.ts'

/** Root may write anywhere: it runs as nobody. */
const AS_NOBODY =
  process.getuid?.() === 0 ? ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] : []

it('is served as it is, by another user, from a folder that nobody may write to', async () => {
  const folder = folderForTest()
  const shelf = join(folder, 'shelf')
  const file = join(shelf, 'snapshot.db')
  mkdirSync(shelf)
  await snapshotOf(await smallCatalog(folder), file)
  const bytes = readFileSync(file)
  for (const [path, mode] of [
    [folder, 0o755],
    [file, 0o444],
    [shelf, 0o555],
  ] as const)
    chmodSync(path, mode)
  onTestFinished(() => chmodSync(shelf, 0o755))

  const env = { MODELDEX_TOKEN: 'reads', MODELDEX_ADMIN_TOKEN: 'runs' }
  const tokens = join(folder, 'tokens.json')
  const args = ['serve', '--db', file, '--port', '0', '--tokens-file', tokens]
  const child = startProgram(args, { cwd: '/', env, wrapper: AS_NOBODY })
  onTestFinished(() => void child.kill('SIGKILL'))
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const url = () => /listens on (\S+)/.exec(stdout)?.[1]
  await expect
    .poll(() => url() ?? (child.exitCode === null ? undefined : stderr), { timeout: 20_000 })
    .toMatch(/^http/)
  const ask = (route: string, method = 'GET') =>
    fetch(`${url()}/api/v1/inference/${route}`, { method, headers: { Authorization: 'Bearer runs' } })

  for (const route of [
    'catalog?query=large',
    'catalog/acme/large',
    'changes',
    'dataset',
    'snapshot/manifest',
  ]) {
    expect((await ask(route)).status, route).toBe(200)
  }
  expect((await ask('catalog?at=2026-10-01')).status).toBe(200)
  expect(Buffer.from(await (await ask('snapshot')).arrayBuffer()).equals(bytes)).toBe(true)
  const refused = await ask('refresh', 'POST')
  expect({ status: refused.status, body: await refused.json() }).toMatchObject({
    status: 409,
    body: { detail: expect.stringMatching(/^The catalog is a snapshot and stays as it is/) },
  })
  child.kill()
  await once(child, 'close')
  expect(readdirSync(shelf)).toEqual(['snapshot.db', 'snapshot.db.json'])
  expect(readFileSync(file).equals(bytes)).toBe(true)
})

it('of another build, it says what to do, and that helps', async () => {
  const folder = folderForTest()
  const [file, anew] = [join(folder, 'snapshot.db'), join(folder, 'anew.db')]
  await snapshotOf(await smallCatalog(folder), file)
  const said = await readManifest(file)
  const work = join(folder, 'work.db')
  copyFileSync(file, work)
  withDatabase(openForWriting(work), (db) => {
    db.exec("UPDATE dataset SET build = 'other'; DELETE FROM entry_body")
    db.pragma('journal_mode = DELETE')
  })
  copyFileSync(work, file)
  const manifest = makeManifest({ ...said, build: 'other' }, { ...said, ...(await fingerprintOfFile(file)) })
  writeFileSync(`${file}.json`, manifestText(manifest))

  const { code, stderr } = await runProgram(['serve', '--db', file, '--port', '0'], { cwd: folder })
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      `modeldex: ${file} is a snapshot made by another version of modeldex: ` +
      `make this version's of it with: modeldex snapshot export --db "${file}" FILE\n`,
  })
  expect(await snapshotOf(file, anew)).toMatchObject({
    version: said.version,
    build: said.build,
    sha256: said.sha256,
  })
  const service = await serviceForTest({ db: anew })
  expect((await get(service, '/api/v1/inference/catalog')).status).toBe(200)
})

it('a copy without its manifest is a catalog to go on from', async () => {
  const folder = folderForTest()
  const [file, copy] = [join(folder, 'snapshot.db'), join(folder, 'copy.db')]
  await snapshotOf(await smallCatalog(folder), file)
  copyFileSync(file, copy)
  const models = { ...SECOND.acme.models, more: { id: 'more' } }
  const from = writeCatalog(folder, { ...SECOND, acme: { ...SECOND.acme, models } })
  expect(await ingest({ db: copy, from })).toMatchObject({ added: 1, removed: 0, changed: 0 })
  expect(JSON.parse((await runProgram(['changes', '--db', copy, '--json'])).stdout)).toHaveLength(6)
})
