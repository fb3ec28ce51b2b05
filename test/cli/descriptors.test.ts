import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { isUsable } from '../docs/installed.ts'
import { FIRST, SECOND } from '../snapshot/files.ts'
import { folderForTest, serve } from './serving.ts'

const API = '/api/v1/inference'
/** More than run at once, and than wait. */
const STATEMENTS = 12
const PLENTY = 1_024
const A_FEW = 5

beforeEach(async ({ skip }) => {
  if (!(await isUsable('prlimit'))) skip('prlimit is not installed')
})

/** A service on one kept connection, which goes on where no other one can be opened. */
async function serveOne(args: string[]) {
  const cwd = folderForTest()
  writeFileSync(join(cwd, 'source.json'), JSON.stringify(FIRST))
  const env = { MODELDEX_ADMIN_TOKEN: 'runs' }
  const program = await serve(['--source', join(cwd, 'source.json'), ...args], { cwd, env })
  const [url = ''] = /http:\/\/[\d.:]+/.exec(program.stdout()) ?? []
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const ask = async (method: 'GET' | 'POST', path: string, body?: object) => {
    const headers = { Authorization: 'Bearer runs', ...(body && { 'Content-Type': 'application/json' }) }
    const asked = request(url + path, { method, headers, agent }).end(body && JSON.stringify(body))
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    const { type } = JSON.parse(await text(answer))
    return type === undefined ? `${answer.statusCode}` : `${answer.statusCode} ${type}`
  }
  const post = (path: string, body?: object) => ask('POST', path, body)
  expect(await post('/nowhere')).toBe('404 not_found_error')
  return { ...program, cwd, pid: program.child.pid ?? 0, post, get: (path: string) => ask('GET', path) }
}

function limitFiles(pid: number, files: number): void {
  execFileSync('prlimit', [`--pid=${pid}`, `--nofile=${files}:`])
}

/** Not even once it has closed a few. */
function noMoreFiles(pid: number): void {
  limitFiles(pid, readdirSync(`/proc/${pid}/fd`).length - A_FEW)
}

function childrenOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
}

it('what needs a process or a file fails while no more files can be opened, and no longer', async () => {
  const { pid, cwd, post, get, stderr } = await serveOne(['--sql'])
  const statement = () => post(`${API}/sql`, { sql: 'SELECT 1' })
  noMoreFiles(pid)
  // The first body of all makes the program load what reads it.
  expect(await post(`${API}/estimate`, {})).toBe('500 server_error')
  limitFiles(pid, PLENTY)
  expect(await post(`${API}/estimate`, {})).toBe('422 validation_error')
  expect(await statement()).toBe('200')
  // The folder is there from now on, and the snapshot in it is of another catalog.
  expect(await get(`${API}/snapshot/manifest`)).toBe('200')
  writeFileSync(join(cwd, 'source.json'), JSON.stringify(SECOND))
  expect(await post(`${API}/refresh`)).toBe('200')

  noMoreFiles(pid)
  expect(await post(`${API}/refresh`)).toBe('500 server_error')
  expect(await get(`${API}/snapshot/manifest`)).toBe('500 server_error')
  await expect.poll(stderr).toMatch(/The snapshot cannot be made.*EMFILE/)
  // One process stood ready.
  const statements: string[] = []
  while (statements.length < STATEMENTS) statements.push(await statement())
  expect(new Set(statements.slice(1))).toEqual(new Set(['500 server_error']))
  limitFiles(pid, PLENTY)
  expect([await statement(), await statement()]).toEqual(['200', '200'])
  expect(await post(`${API}/refresh`)).toBe('200')
  expect(await get(`${API}/snapshot/manifest`)).toBe('200')
})

it('a worker that cannot be started is started later', async () => {
  const { pid, stderr, child, closed } = await serveOne(['--workers', '2'])
  const [, second] = childrenOf(pid)
  noMoreFiles(pid)
  process.kill(Number(second), 'SIGKILL')
  await expect.poll(() => stderr().match(/"msg":"worker cannot be started"/g)?.length).toBeGreaterThan(1)
  expect(childrenOf(pid)).toHaveLength(1)
  limitFiles(pid, PLENTY)
  await expect.poll(() => stderr().match(/"msg":"worker serves"/g)?.length, { timeout: 20_000 }).toBe(3)
  child.kill('SIGTERM')
  expect(await closed).toEqual([0, null])
})
