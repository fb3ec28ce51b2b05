import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runFuzz, startTarget } from './fuzz/run.ts'
import { inspectMachine } from './machine.ts'
import { endedByItself } from './rounds.ts'

const RUN = join(import.meta.dirname, 'faults.ts')

/** After so long it is ended, in ms. */
const PATIENCE_MS = 20_000

it.each([[['--only', 'no such fault']], [['--minutes', 'soon']]])('a run of %j is refused', async (args) => {
  const [code, stderr] = await new Promise<[unknown, string]>((resolve) => {
    execFile(process.execPath, [RUN, ...args], { timeout: PATIENCE_MS }, (error, _stdout, stderr) =>
      resolve([error?.code, stderr]),
    )
  })
  expect(code).toBe(2)
  expect(stderr).toContain('the clock jumps')
})

it('a service that dies of hostile requests is seen, and ends the run', async () => {
  const machine = inspectMachine()
  onTestFinished(machine.remove)
  const target = await startTarget(machine)
  process.kill(target.pid, 'SIGKILL')
  // Until it has ended, a connection may still be taken.
  await target.stop()
  const { faults } = await runFuzz(target, { seed: 1, count: 1_000, mostMs: PATIENCE_MS })
  expect(faults[0]).toMatch(/^request \d+, .*ECONNREFUSED/)
  expect(faults.at(-1)).toBe('the service ended with SIGKILL')
})

it('a worker that nobody killed is told from one that was', () => {
  const lines = [
    { msg: 'worker ended' as const, workerPid: 1, signal: 'SIGKILL' },
    { msg: 'worker cannot be started' as const },
    { msg: 'worker ended' as const, workerPid: 2, signal: 'SIGSEGV' },
  ]
  expect(endedByItself(lines, new Set([1]))).toEqual([lines[2]])
})
