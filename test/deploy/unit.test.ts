import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../service.ts'

const UNIT = readFileSync(join(import.meta.dirname, '../../deploy/systemd/modeldex.service'), 'utf8')
/** Most exposure that is allowed, in tenths: systemd calls up to 2 "OK", and 9 and more "UNSAFE". */
const MAX_EXPOSURE = 20
const run = promisify(execFile)

it('the systemd unit is one, and leaves little exposed', async ({ skip }) => {
  const hasSystemd = await run('systemd-analyze', ['--version']).then(
    () => true,
    () => false,
  )
  if (!hasSystemd) skip('systemd-analyze is not installed')
  const folder = temporaryFolder()
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'modeldex.service')
  // The program need not be installed where the unit is tested.
  writeFileSync(file, UNIT.replace('/usr/local/bin/modeldex', '/bin/true'))
  const verified = await run('systemd-analyze', ['verify', file])
  expect(verified.stdout + verified.stderr).toBe('')
  const threshold = [`--threshold=${MAX_EXPOSURE}`, '--offline=true']
  expect((await run('systemd-analyze', ['security', ...threshold, file])).stdout).toMatch(
    /exposure level .* OK/,
  )
})
