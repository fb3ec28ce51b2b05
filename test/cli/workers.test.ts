import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { get as httpGet, request as httpRequest, type IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AT_ONCE_MS, restartDelayMs } from '../../src/cli/workers.ts'
import { newToken, updateTokenFile } from '../../src/http/token-file.ts'
import { SECOND } from '../snapshot/files.ts'
import { serveByWorkers, untilBoth } from './by-workers.ts'
import { runProgram } from './program.ts'
import { folderForTest } from './serving.ts'

const LIST = '/api/v1/inference/catalog?limit=1'
const DATASET = '/api/v1/inference/dataset'
/** Longer than any answer takes: a request without one by then hangs. */
const HANGS_MS = 10_000

/** Asks on a connection of its own, so that any worker may answer. Gives the status, or how it failed. */
async function ask(url: string, token = 'reads', method = 'GET') {
  const headers = { Authorization: `Bearer ${token}` }
  const asked = (method === 'GET' ? httpGet : httpRequest)(url, { method, headers, agent: false })
  const timer = setTimeout(() => asked.destroy(new Error('hangs')), HANGS_MS)
  if (method !== 'GET') asked.end()
  try {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(await text(answer)) }
  } catch (error) {
    return { failure: error instanceof Error && 'code' in error ? error.code : String(error) }
  } finally {
    clearTimeout(timer)
  }
}

const many = (count: number, url: string, token?: string) =>
  Promise.all(Array.from({ length: count }, () => ask(url, token)))

describe('several workers', () => {
  it('print one token, and name themselves in the log', async () => {
    const { stdout, url, answered } = await serveByWorkers(3, [], {})
    await expect.poll(() => new Set(stdout().match(/mdx_\w[\w-]{42}/g)).size).toBe(1)
    const [token] = /mdx_\S{43}/.exec(stdout()) ?? []
    await expect
      .poll(async () => {
        const all = await many(10, url + LIST, token)
        expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]))
        return answered()
      })
      .toEqual(new Set([1, 2, 3]))
  })

  it('lose no request but those of the one that is killed, and get another in its place', async () => {
    // On a fast machine more come in a minute than are let pass.
    const { url, pids, starts, lines } = await serveByWorkers(2, ['--rate-limit', '0'])
    const failures: unknown[] = []
    let isOver = false
    let requests = 0
    const client = async () => {
      while (!isOver) {
        requests++
        const { status, failure } = await ask(url + LIST)
        if (status !== 200) failures.push(failure ?? status)
      }
    }
    const clients = Array.from({ length: 8 }, client)
    for (const [kills, worker] of [1, 2, 1].entries()) {
      const before = requests
      await expect.poll(() => requests).toBeGreaterThan(before + 50)
      process.kill(pids().get(worker) ?? 0, 'SIGKILL')
      await expect.poll(() => starts().length, { timeout: 20_000 }).toBe(3 + kills)
    }
    isOver = true
    await Promise.all(clients)
    // Each client has one connection, and may lose it with each of those killed.
    expect(failures.length).toBeLessThanOrEqual(3 * 8)
    for (const failure of failures) expect(failure).toBe('ECONNRESET')
    const ends = lines().filter(({ msg }) => msg === 'worker ended')
    expect(ends.map(({ worker, signal }) => ({ worker, signal }))).toEqual(
      [1, 2, 1].map((worker) => ({ worker, signal: 'SIGKILL' })),
    )
  })

  it('all refuse a token that is revoked', async () => {
    const { url, cwd, answered } = await serveByWorkers(2)
    const issued = newToken('issued', 'read', new Date())
    const file = join(cwd, 'data/tokens.json')
    await updateTokenFile(file, () => [issued.record])
    await expect
      .poll(async () => {
        for (const { status } of await many(10, url + LIST, issued.text)) expect(status).toBe(200)
        return answered().size
      })
      .toBe(2)
    await updateTokenFile(file, () => [])
    for (const { status } of await many(40, url + LIST, issued.text)) expect(status).toBe(401)
  })

  it('refresh once, and all serve what comes of it', async () => {
    const { url, source, answered, lines } = await serveByWorkers(2)
    const before = (await ask(url + DATASET)).body
    writeFileSync(source, JSON.stringify(SECOND))
    const refreshed = await ask(`${url}/api/v1/inference/refresh`, 'runs', 'POST')
    expect(refreshed).toMatchObject({
      status: 200,
      body: { outcome: 'updated', previous_version: before.version },
    })
    const datasets = await untilBoth(answered, () => many(40, url + DATASET))
    const manifests = await many(10, `${url}/api/v1/inference/snapshot/manifest`)
    const versions = [...datasets, ...manifests].map(({ body }) => body.version)
    expect(new Set(versions)).toEqual(new Set([refreshed.body.version]))
    for (const { body } of datasets) expect(body.last_attempt).toMatchObject({ outcome: 'updated' })
    expect(new Set(manifests.map(({ headers }) => headers?.etag)).size).toBe(1)
    // What is logged comes another way than the answers.
    await expect.poll(() => lines().filter(({ msg }) => msg === 'catalog refreshed').length).toBe(1)
  })

  it('tell why a refresh fails, whichever is asked', async () => {
    const { url, source } = await serveByWorkers(2)
    writeFileSync(source, 'nonsense')
    const failed = await ask(`${url}/api/v1/inference/refresh`, 'runs', 'POST')
    expect(failed).toMatchObject({ status: 502, body: { type: 'bad_gateway_error' } })
    for (const { body } of await many(10, url + DATASET)) {
      expect(body.last_attempt).toMatchObject({ outcome: 'failed', error: { type: 'bad_gateway_error' } })
    }
  })

  it('share the schedule', async () => {
    const { url } = await serveByWorkers(2, ['--refresh', '0 0 1 1 *'])
    const all = await many(10, url + DATASET)
    const [first, ...others] = new Set(all.map(({ body }) => body.next_refresh))
    expect(first).toMatch(/-01-01T/)
    expect(others).toEqual([])
  })

  it.each([10, 400])('hold a limit of %i together', async (limit) => {
    const { url, answered } = await serveByWorkers(2, ['--rate-limit', `${limit}`])
    const all = await untilBoth(answered, () => many(1.5 * limit, url + LIST))
    const passed = all.filter(({ status }) => status === 200).length
    expect(passed).toBeLessThanOrEqual(limit)
    expect(passed).toBeGreaterThanOrEqual(limit * 0.95)
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200, 429]))
  })

  it('stop together when told', async () => {
    const { child, closed, pids } = await serveByWorkers(2)
    child.kill('SIGTERM')
    expect(await closed).toEqual([0, null])
    for (const pid of pids().values()) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  it('end with the process that started them', async () => {
    const { child, closed } = await serveByWorkers(2)
    child.kill('SIGKILL')
    // Its output only closes once no worker has it open.
    expect(await closed).toEqual([null, 'SIGKILL'])
  })

  it('are all replaced when all are killed together', async () => {
    // As many as would be given up if they had ended at once.
    const { pids, starts, url } = await serveByWorkers(6)
    await sleep(AT_ONCE_MS + 200)
    for (const pid of pids().values()) process.kill(pid, 'SIGKILL')
    await expect.poll(() => starts().length, { timeout: 30_000 }).toBe(12)
    expect((await ask(url + LIST)).status).toBe(200)
  })

  it('give up when they end at once again and again', async () => {
    const { closed, pids, cwd, stderr } = await serveByWorkers(2)
    writeFileSync(join(cwd, 'data/tokens.json'), '[]')
    writeFileSync(join(cwd, 'data/catalog.db'), 'nonsense')
    for (const pid of pids().values()) process.kill(pid, 'SIGKILL')
    expect(await closed).toEqual([1, null])
    expect(stderr()).toMatch(/^modeldex: \d+ workers in a row ended at once$/m)
  })
})

it('a place stays empty for longer with each worker that ends at once, but never for long', () => {
  const waits = [0, 1, 2, 3, 7, 8, 1_000].map(restartDelayMs)
  expect(waits).toEqual([100, 100, 200, 400, 6_400, 10_000, 10_000])
})

it('fails clearly when the port is taken, and makes no token then', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  const cwd = folderForTest()
  const { code, stdout, stderr } = await runProgram(['serve', '--workers', '2', '--port', port], { cwd })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(
    stderr.match(new RegExp(`^modeldex: http://127.0.0.1:${port} is in use by another program`, 'gm')),
  ).toHaveLength(1)
})
