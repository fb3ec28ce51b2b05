import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished } from 'vitest'
import { temporaryFolder } from '../service.ts'
import type { OfflineResult } from './offline-session.ts'

const run = promisify(execFile)
const SESSION = join(import.meta.dirname, 'offline-session.ts')
export const OFFLINE_TIMEOUT_MS = 60_000

/** Uses the program in a folder of its own, started by the command line given. */
export async function offlineSession(wrapper: string[], extra = {}): Promise<OfflineResult> {
  const dir = temporaryFolder()
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const { PATH, HOME, TEST_BINARY } = process.env
  const [command = '', ...args] = [...wrapper, process.execPath, SESSION]
  const { stdout } = await run(command, args, {
    cwd: dir,
    env: { PATH, HOME, ...(TEST_BINARY !== undefined && { TEST_BINARY }), ...extra },
    timeout: OFFLINE_TIMEOUT_MS,
  })
  return JSON.parse(stdout)
}

export function expectWorks(result: OfflineResult): void {
  expect(result.ingest).toBe(0)
  expect(result.served).toEqual({ total: expect.any(Number), id: 'openai/gpt-4o', code: 0 })
  expect(result.served.total).toBeGreaterThan(0)
  // Asked for something remote, it tries, fails and says so.
  expect(result.remote.code).toBe(1)
  expect(result.remote.stderr).toContain('cannot fetch http://192.0.2.1/api.json')
}

/** The first of several command lines, each of which runs what follows it, that is permitted here. */
export async function firstPermitted(wrappers: string[][]): Promise<string[] | undefined> {
  for (const wrapper of wrappers) {
    const [command = '', ...args] = wrapper
    const isPermitted = await run(command, [...args, 'true']).then(
      () => true,
      () => false,
    )
    if (isPermitted) return wrapper
  }
  return undefined
}
