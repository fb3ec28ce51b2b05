import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { startProgram } from '../cli/program.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'

const WANTED = 10_000
/** What client and service have open besides. */
const OTHER_FILES = 500
/** What a connection may take in the service, in bytes: its socket, its parser, its last request. */
const MOST_PER_CONNECTION = 50_000
const CROWD = join(import.meta.dirname, 'crowd.ts')
const TIMEOUT_MS = 90_000

/** Node takes as many as the system lets it. */
const allowed =
  Number(execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' })) || Number.POSITIVE_INFINITY
const connections = Math.min(WANTED, allowed - OTHER_FILES)

it(`holds ${connections} connections, and answers over each`, { timeout: TIMEOUT_MS }, async () => {
  const dir = temporaryFolder()
  const db = join(dir, 'catalog.db')
  copyFileSync(await seededCatalog(), db)
  const args = ['serve', '--no-auth', '--port', '0', '--db', db, '--rate-limit', '0', '--log-level', 'silent']
  const service = startProgram(args, { cwd: dir })
  const closed = once(service, 'close')
  onTestFinished(async () => {
    service.kill()
    await closed
    rmSync(dir, { recursive: true, force: true })
  })
  const [greeting] = await once(service.stdout, 'data')
  const port = /127\.0\.0\.1:(\d+)/.exec(String(greeting))?.[1] ?? ''

  const before = residentBytes(service.pid)
  const { stdout } = await promisify(execFile)(process.execPath, [CROWD, port, String(connections)])
  expect(JSON.parse(stdout)).toEqual({ held: connections, statuses: { 200: 2 * connections } })
  const taken = residentBytes(service.pid, 'VmHWM') - before
  if (process.platform === 'linux') expect(taken / connections).toBeLessThan(MOST_PER_CONNECTION)

  const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
  expect(answer.status).toBe(200)
  service.kill('SIGTERM')
  const [code] = await closed
  expect(code).toBe(0)
})

/** What a process takes of memory, or took at most; Linux only. */
function residentBytes(pid: number | undefined, field: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  if (process.platform !== 'linux') return 0
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return 1024 * Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1])
}
