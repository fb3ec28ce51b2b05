import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openForReading, withDatabase } from '../../src/db/open.ts'
import { readDataset } from '../../src/ingest/dataset.ts'
import { readAttempt } from '../../src/ingest/refresh-file.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'
import { fakeUpstream, hangs, sends, THREE, TWO } from '../source/fake-upstream.ts'
import { BIN, type ProgramOptions, runProgram, startProgram } from './program.ts'

/** Real processes on one file. */

const START_TIMEOUT_MS = 20_000

function folderForTest(): string {
  const folder = temporaryFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A server that goes when the test is over. */
async function serve(cwd: string, source: string, flags: string[] = [], wrapper: string[] = []) {
  const env = {
    MODELDEX_TOKEN: 'reads',
    MODELDEX_ADMIN_TOKEN: 'runs',
    MODELDEX_SOURCE: source,
    MODELDEX_ALLOW_SHRINK: '1',
  }
  const child = startProgram(['serve', '--port', '0', ...flags], { cwd, env, wrapper })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const closed = once(child, 'close')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await closed
  })
  const url = () => /listens on (\S+)/.exec(stdout)?.[1]
  const timeout = START_TIMEOUT_MS
  await expect.poll(() => url() ?? child.exitCode, { timeout }).toEqual(expect.stringMatching(/^http/))
  const ask = (route: string, method = 'GET') =>
    fetch(`${url()}/api/v1/inference/${route}`, { method, headers: { Authorization: 'Bearer runs' } })
  return {
    child,
    closed,
    stderr: () => stderr,
    refresh: () => ask('refresh', 'POST'),
    dataset: async (): Promise<unknown> => (await ask('dataset')).json(),
  }
}

function datasetIn(db: string) {
  return withDatabase(openForReading(db), readDataset)
}

it('two servers on one file: one refreshes at a time, and both serve what came of it', async () => {
  const cwd = folderForTest()
  const upstream = await fakeUpstream(sends(TWO))
  const [one, other] = [await serve(cwd, upstream.url), await serve(cwd, upstream.url)]
  const finish = Promise.withResolvers<void>()
  upstream.answer = async (request, response) => {
    await finish.promise
    sends(THREE)(request, response)
  }
  const answers = [one.refresh(), other.refresh()]
  // The one that may not run says so at once.
  expect((await Promise.race(answers)).status).toBe(409)
  finish.resolve()
  expect((await Promise.all(answers)).map(({ status }) => status).sort()).toEqual([200, 409])
  const expected = { models: 3, last_attempt: { outcome: 'updated' } }
  expect(await one.dataset()).toMatchObject(expected)
  expect(await other.dataset()).toMatchObject(expected)
})

it('a refresh that is killed locks nobody out, and changes nothing', async () => {
  const cwd = folderForTest()
  const db = join(cwd, 'data/catalog.db')
  const upstream = await fakeUpstream()
  await runProgram(['ingest', '--from', upstream.url], { cwd })
  upstream.answer = hangs
  const child = startProgram(['ingest', '--from', upstream.url], { cwd })
  await expect.poll(() => upstream.requests.length, { timeout: START_TIMEOUT_MS }).toBe(2)
  const refused = await runProgram(['ingest', '--from', upstream.url], { cwd })
  expect(refused).toEqual({ code: 1, stdout: '', stderr: 'modeldex: A refresh is already running\n' })
  child.kill('SIGKILL')
  await once(child, 'close')
  expect(datasetIn(db)).toMatchObject({ models: 2 })
  upstream.answer = sends(THREE)
  expect(await runProgram(['ingest', '--from', upstream.url], { cwd })).toMatchObject({ code: 0 })
})

it('servers that start at once on no file at all fill it between them', async () => {
  const cwd = folderForTest()
  const upstream = await fakeUpstream()
  const servers = await Promise.all([serve(cwd, upstream.url), serve(cwd, upstream.url)])
  for (const { dataset } of servers) expect(await dataset()).toMatchObject({ models: 2 })
})

it('a server that is told to stop in the middle of a refresh stops, and the catalog is whole', async () => {
  const cwd = folderForTest()
  const upstream = await fakeUpstream()
  const { child, closed, refresh } = await serve(cwd, upstream.url)
  upstream.answer = hangs
  const answer = refresh()
  await expect.poll(() => upstream.requests.length, { timeout: START_TIMEOUT_MS }).toBe(2)
  child.kill('SIGTERM')
  expect(await closed).toEqual([0, null])
  expect((await answer).status).toBe(500)
  const db = join(cwd, 'data/catalog.db')
  expect(datasetIn(db)).toMatchObject({ models: 2 })
  expect(readAttempt(db)?.error?.detail).toBe('The refresh process ended before it was done (SIGTERM)')
})

it('a schedule is refused with 2 where it cannot work', async () => {
  const cwd = folderForTest()
  const serveWith = (...flags: string[]) => runProgram(['serve', '--port', '0', ...flags], { cwd })
  expect(await serveWith('--refresh', '0 * * * *')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'modeldex: --refresh: the seed never changes: name a file or a URL with --source\n',
  })
  const wrong = await serveWith('--refresh', 'hourly', '--source', 'https://models.dev/api.json')
  expect(wrong).toMatchObject({ code: 2, stdout: '' })
  expect(wrong.stderr).toMatch(/^modeldex: --refresh: "hourly" is no cron expression \(.*\)\n$/)
  expect(existsSync(join(cwd, 'data'))).toBe(false)
})

/** Half a megabyte, or a whole one where a shell counts in KiB. The larger catalog needs more, the smaller one less. */
const FILE_LIMIT_BLOCKS = 1024
const LARGE = {
  acme: {
    models: Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`m-${index}`, { name: 'M' }])),
  },
}

function folderWithSources(): string {
  const cwd = folderForTest()
  mkdirSync(join(cwd, 'data'))
  writeFileSync(join(cwd, 'small.json'), JSON.stringify(TWO))
  writeFileSync(join(cwd, 'large.json'), JSON.stringify(LARGE))
  return cwd
}

it('a disk that is full: a clear error, the old catalog, and room again afterwards', async () => {
  const cwd = folderWithSources()
  const db = join(cwd, 'data/catalog.db')
  const limited = { cwd, wrapper: ['sh', '-c', `ulimit -f ${FILE_LIMIT_BLOCKS} && exec "$@"`, 'sh'] }
  const ingest = (source: string, options: ProgramOptions) =>
    runProgram(['ingest', '--allow-shrink', '--from', source], options)
  const first = await ingest('large.json', limited)
  expect(first).toMatchObject({ code: 1, stdout: '' })
  expect(first.stderr).toMatch(/^modeldex: cannot use data\/catalog\.db: .*\(SQLITE_(IOERR|FULL)\w*\)\n$/)

  expect(await ingest('small.json', limited)).toMatchObject({ code: 0 })
  expect(await ingest('large.json', limited)).toMatchObject({ code: 1, stdout: '' })
  expect(datasetIn(db)).toMatchObject({ models: 2, source: 'small.json' })
  expect(readAttempt(db)).toMatchObject({
    outcome: 'failed',
    error: {
      type: 'database_error',
      detail: expect.stringMatching(/^The catalog file cannot be written: (disk I\/O error|.*full)$/),
    },
  })
  expect(await ingest('large.json', { cwd })).toMatchObject({ code: 0 })
  expect(datasetIn(db)).toMatchObject({ models: 2000 })
})

/** Mounts of its own; a user who is not root needs a user namespace, too. */
const MOUNTS = ['unshare', ...(process.getuid?.() === 0 ? [] : ['--map-root-user']), '--mount']
const MAY_MOUNT = spawnSync('sh', ['-c', `${MOUNTS.join(' ')} mount -t tmpfs tmpfs /mnt`]).status === 0

it.runIf(MAY_MOUNT)('a disk of one megabyte is full as well', () => {
  const cwd = folderWithSources()
  const script = `mount -t tmpfs -o size=1m tmpfs data && "$@" --from small.json &&
    ! "$@" --from large.json && "$@" --from small.json`
  const [command = '', ...args] = [
    ...MOUNTS,
    'sh',
    '-c',
    script,
    'sh',
    process.execPath,
    BIN,
    'ingest',
    '--allow-shrink',
  ]
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: 'modeldex: cannot use data/catalog.db: database or disk is full (SQLITE_FULL)\n',
  })
  expect(stdout).toMatch(/added 2,[\s\S]*\(the same catalog again\)/)
})

it('a catalog that is damaged: it says so and is left as it is, and the server tells', async () => {
  const cwd = folderForTest()
  const db = join(cwd, 'data/catalog.db')
  mkdirSync(join(cwd, 'data'))
  copyFileSync(await seededCatalog(), db)
  const upstream = await fakeUpstream()
  const { refresh, dataset } = await serve(cwd, upstream.url)
  const bytes = readFileSync(db)
  bytes.fill(0xab, 200_000, 600_000)
  writeFileSync(db, bytes)
  const answer = await refresh()
  expect(answer.status).toBe(500)
  expect(await answer.json()).toMatchObject({
    type: 'database_error',
    detail: 'The catalog file cannot be written: it is damaged',
  })
  expect(readFileSync(db).equals(bytes)).toBe(true)
  expect(await dataset()).toMatchObject({
    models: 8337,
    last_attempt: { outcome: 'failed', error: { type: 'database_error' } },
  })
})

/** Root may write anywhere, unless this capability is taken from it. */
const AS_ANYONE = process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override'] : []

it('a folder that cannot be written: it says so, and the server goes on', async () => {
  const cwd = folderForTest()
  const folder = join(cwd, 'frozen')
  mkdirSync(folder)
  const db = join(folder, 'catalog.db')
  withDatabase(openForReading(await seededCatalog()), (seeded) => seeded.prepare('VACUUM INTO ?').run(db))
  chmodSync(folder, 0o555)
  onTestFinished(() => chmodSync(folder, 0o755))
  const upstream = await fakeUpstream()
  const { refresh, dataset } = await serve(cwd, upstream.url, ['--db', db], AS_ANYONE)
  const detail = 'The catalog file cannot be written: unable to open database file'
  expect(await (await refresh()).json()).toMatchObject({ code: 500, type: 'database_error', detail })
  expect(await dataset()).toMatchObject({
    models: 8337,
    last_attempt: { outcome: 'failed', error: { type: 'database_error', detail } },
  })
  const command = await runProgram(['ingest', '--from', upstream.url, '--db', db], {
    cwd,
    wrapper: AS_ANYONE,
  })
  expect(command).toMatchObject({ code: 1, stdout: '' })
  expect(command.stderr).toMatch(/^modeldex: cannot use .*catalog\.db-refresh: unable to open database file /)
})
