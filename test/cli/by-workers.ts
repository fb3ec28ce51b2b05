import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { FIRST } from '../snapshot/files.ts'
import { folderForTest, serve } from './serving.ts'

const SECRETS = { MODELDEX_TOKEN: 'reads', MODELDEX_ADMIN_TOKEN: 'runs' }

/** Serves a small catalog by several processes until the test is over. */
export async function serveByWorkers(
  count: number,
  args: string[] = [],
  env: Record<string, string> = SECRETS,
) {
  const cwd = folderForTest()
  const source = join(cwd, 'source.json')
  writeFileSync(source, JSON.stringify(FIRST))
  const program = await serve(['--workers', `${count}`, '--source', source, ...args], { cwd, env })
  const [url = ''] = /http:\/\/[\d.:]+/.exec(program.stdout()) ?? []
  const lines = () => {
    const whole = program.stderr().slice(0, program.stderr().lastIndexOf('\n') + 1)
    return whole.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
  }
  /** Which process stands in which place, by its last start. */
  const pids = () => new Map<number, number>(starts().map(({ worker, workerPid }) => [worker, workerPid]))
  const starts = () => lines().filter(({ msg }) => msg === 'worker serves')
  /** Which workers have answered requests. */
  const answered = () => new Set(lines().flatMap(({ msg, worker }) => (msg === 'request' ? [worker] : [])))
  await expect.poll(() => pids().size).toBe(count)
  return { ...program, cwd, url, source, lines, pids, starts, answered }
}

/** The kernel chooses who accepts: a few connections may all go to one. */
export async function untilBoth<Answer>(
  answered: () => Set<number>,
  askAll: () => Promise<Answer[]>,
): Promise<Answer[]> {
  const answers: Answer[] = []
  const ask = async () => {
    answers.push(...(await askAll()))
    return answered().size
  }
  await expect.poll(ask).toBe(2)
  return answers
}
