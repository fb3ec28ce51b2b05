import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../service.ts'
import type { OfflineResult } from './offline-session.ts'
import { REFUSED } from './refused.ts'

/** The service and its commands need no network, and try none, unless they are given a URL. */

const run = promisify(execFile)
const SESSION = join(import.meta.dirname, 'offline-session.ts')
const TIMEOUT_MS = 60_000
/** A network of its own, in which nothing but loopback is up. A user who is not root needs a user namespace, too. */
const NAMESPACES = [['--net'], ['--map-root-user', '--net']].map((options) => {
  return ['unshare', ...options, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']
})

it('works in a network namespace without any route', { timeout: TIMEOUT_MS }, async ({ skip }) => {
  const permitted = await firstPermitted()
  if (permitted === undefined) return skip('network namespaces are not permitted here')
  const result = await session([...permitted, process.execPath, SESSION])
  expectWorks(result)
  // The namespace is what it should be.
  expect(result.connection).toContain('ENETUNREACH')
  expect(result.lookup).toMatch(/EAI_AGAIN|ENOTFOUND/)
})

it('tries no connection and no lookup beyond loopback', { timeout: TIMEOUT_MS }, async () => {
  const guard = `--import=${new URL('loopback-only.ts', import.meta.url)}`
  const result = await session([process.execPath, SESSION], { NODE_OPTIONS: guard })
  expectWorks(result)
  expect(result.unasked).not.toContain(REFUSED)
  // The guard fires, in this process and in the program when it is given a URL.
  expect(result.connection).toContain(REFUSED)
  expect(result.lookup).toContain(REFUSED)
  expect(result.remote.stderr).toContain(REFUSED)
})

async function firstPermitted(): Promise<string[] | undefined> {
  for (const namespace of NAMESPACES) {
    const [command = '', ...args] = namespace
    const isPermitted = await run(command, [...args, 'true']).then(
      () => true,
      () => false,
    )
    if (isPermitted) return namespace
  }
  return undefined
}

async function session([command = '', ...args]: string[], extra = {}): Promise<OfflineResult> {
  const dir = temporaryFolder()
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const { PATH, HOME } = process.env
  const { stdout } = await run(command, args, {
    cwd: dir,
    env: { PATH, HOME, ...extra },
    timeout: TIMEOUT_MS,
  })
  return JSON.parse(stdout)
}

function expectWorks(result: OfflineResult): void {
  expect(result.ingest).toBe(0)
  expect(result.served).toEqual({ total: expect.any(Number), id: 'openai/gpt-4o', code: 0 })
  expect(result.served.total).toBeGreaterThan(0)
  // Asked for something remote, it tries, fails and says so.
  expect(result.remote.code).toBe(1)
  expect(result.remote.stderr).toContain('cannot fetch http://192.0.2.1/api.json')
}
