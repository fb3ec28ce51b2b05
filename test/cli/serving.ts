import { once } from 'node:events'
import { copyFileSync, mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { seededCatalog, temporaryFolder } from '../service.ts'
import { startProgram } from './program.ts'

const READY = /\n {2}(curl .*)\n/

/** Serves until the test is over; resolves once the program has said all it says. */
export async function serve(args: string[], options: { cwd: string; env?: Record<string, string> }) {
  const child = startProgram(['serve', '--port', '0', ...args], options)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const closed = once(child, 'close')
  onTestFinished(async () => {
    child.kill()
    await closed
  })
  await expect.poll(() => READY.test(stdout) || child.exitCode !== null, { timeout: 20_000 }).toBe(true)
  const [, curl = ''] = READY.exec(stdout) ?? []
  return { child, closed, curl, stdout: () => stdout, stderr: () => stderr }
}

export function folderForTest(): string {
  const cwd = temporaryFolder()
  onTestFinished(() => rm(cwd, { recursive: true }))
  return cwd
}

export async function folderWithCatalog(): Promise<string> {
  const cwd = folderForTest()
  mkdirSync(join(cwd, 'data'))
  copyFileSync(await seededCatalog(), join(cwd, 'data/catalog.db'))
  return cwd
}
