import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { openForReading, withDatabase } from '../../src/db/open.ts'
import { newToken, updateTokenFile } from '../../src/http/token-file.ts'
import { greeting, runProgram, startProgram } from '../cli/program.ts'
import { generation } from '../scale/clients.ts'
import { MODELS } from './asks.ts'
import { ANSWER_MS, type Load, startLoad, type Truth } from './load.ts'
import { type Disk, endWithRun, type Machine } from './machine.ts'
import { childrenOf, isGone } from './processes.ts'
import { type FakeUpstream, startUpstream } from './upstream-server.ts'

export const ADMIN = 'faults-admin'
const WORKERS = 2
const CLIENTS = 8
/** Between an answer and the next request of a client, in ms. */
const PAUSE_MS = 5
/** How often it is looked whether something has come true, in ms. */
const LOOK_MS = 5
/** How long anything may take to come true, in ms. */
const WAIT_MS = 60_000
/** How long a refresh may take to fetch, in s. */
export const FETCH_TIMEOUT_S = 3

/** The service under load, and all that a fault needs to do it harm. */
export interface Scene {
  machine: Machine
  disk: Disk
  /** The catalog file that is served. */
  db: string
  url: string
  port: number
  /** The process that looks after the file. */
  primary: number
  /** Those that serve, the newest last. */
  workers(): number[]
  truth: Truth
  load: Load
  upstream: FakeUpstream
  /** What the service has logged of its workers. */
  logged(): WorkerLine[]
  /** The workers that were killed on purpose. */
  killed: Set<number>
  /** Writes the source of the next catalog, which may be answered from now on; gives its file. */
  nextSource(): string
  /** The next catalog is in the file: no older one may be answered any more. */
  nextIsIn(): void
  /** The next catalog did not come to be. */
  nextIsOff(): void
  ingest(source: string, options?: { db?: string; wrapper?: string[] }): Promise<Run>
  startIngest(source: string): { child: ChildProcess; ended: Promise<unknown> }
  /** Runs the program as the user that serves. */
  run(args: string[]): Promise<Run>
  refresh(): Promise<{ status: number; body: Record<string, unknown> }>
  /** What one of the workers answers at `/readyz`. */
  ready(): Promise<{ status: number | undefined; body: string }>
  stop(): Promise<void>
}

export interface Run {
  code: number
  stdout: string
  stderr: string
}

export async function startScene(machine: Machine, disk: Disk): Promise<Scene> {
  const { folder } = disk
  const db = join(folder, 'catalog.db')
  const truth: Truth = { oldest: 1, newest: 1 }
  const upstream = await startUpstream()
  const wrapper = machine.asOther
  const sources = join(folder, '..', 'sources')
  mkdirSync(sources)
  chmodSync(sources, 0o755)
  /** Two files in turn: the one before may be read still. */
  const sourceOf = (number: number) => {
    const file = join(sources, `${number % 2}.json`)
    writeFileSync(file, JSON.stringify(generation(number, MODELS)))
    return file
  }
  const ingestLine = (from: string, file: string) => ['ingest', '--from', from, '--db', file]
  const run = (args: string[], around: string[] = []) =>
    runProgram(args, { wrapper: [...around, ...wrapper], cwd: folder })
  await expectDone(run(ingestLine(sourceOf(1), db)))

  const tokensFile = join(sources, 'tokens.json')
  const issued = Array.from({ length: CLIENTS }, (_, place) =>
    newToken(`client-${place}`, 'read', new Date()),
  )
  await updateTokenFile(tokensFile, () => issued.map(({ record }) => record))
  machine.give(tokensFile)
  const service = startProgram(
    [
      ...['serve', '--port', '0', '--db', db, '--workers', `${WORKERS}`, '--tokens-file', tokensFile],
      ...['--source', upstream.url, '--fetch-timeout', `${FETCH_TIMEOUT_S}`],
      ...['--sql', '--rate-limit', '1000000', '--log-level', 'warn'],
    ],
    { cwd: folder, env: { MODELDEX_ADMIN_TOKEN: ADMIN }, wrapper },
  )
  const ended = endWithRun(machine, service)
  const log = followLog(service)
  const { url } = await greeting(service)
  const primary = service.pid ?? 0
  const load = startLoad({ url, tokens: issued.map(({ text }) => text), truth, pauseMs: PAUSE_MS })

  return {
    machine,
    disk,
    db,
    url,
    port: Number(new URL(url).port),
    primary,
    workers: () => childrenOf(primary).filter((pid) => !isGone(pid)),
    truth,
    load,
    upstream,
    logged: () => log,
    killed: new Set(),
    nextSource() {
      truth.newest = truth.oldest + 1
      return sourceOf(truth.newest)
    },
    nextIsIn() {
      truth.oldest = truth.newest
    },
    nextIsOff() {
      truth.newest = truth.oldest
    },
    ingest: (source, options = {}) => run(ingestLine(source, options.db ?? db), options.wrapper),
    startIngest(source) {
      const child = startProgram(ingestLine(source, db), { wrapper, cwd: folder })
      return { child, ended: endWithRun(machine, child) }
    },
    run,
    async refresh() {
      const headers = { Authorization: `Bearer ${ADMIN}` }
      const signal = AbortSignal.timeout(WAIT_MS)
      const answer = await fetch(`${url}/api/v1/inference/refresh`, { method: 'POST', headers, signal })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    },
    async ready() {
      // On a connection of its own, so that any worker may answer.
      const asked = get(`${url}/readyz`, { agent: false, signal: AbortSignal.timeout(ANSWER_MS) })
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      return { status: answer.statusCode, body: await text(answer) }
    },
    async stop() {
      await load.stop()
      service.kill()
      await ended
      await upstream.stop()
    },
  }
}

export async function expectDone(running: Promise<Run>): Promise<Run> {
  const done = await running
  if (done.code !== 0) throw new Error(`exit code ${done.code}: ${done.stderr}`)
  return done
}

/** A line of the log about a worker. */
export interface WorkerLine {
  msg: 'worker ended' | 'worker cannot be started'
  workerPid?: number
  signal?: string
  err?: { code: string }
}

/** Of all that it logs only what tells of workers. */
function followLog(service: ChildProcess): WorkerLine[] {
  const lines: WorkerLine[] = []
  let rest = ''
  service.stderr?.on('data', (chunk) => {
    const whole = (rest + chunk).split('\n')
    rest = whole.pop() ?? ''
    for (const line of whole) if (line.includes('"msg":"worker ')) lines.push(JSON.parse(line))
  })
  return lines
}

/** @throws Error when it does not come true in time */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  everyMs = LOOK_MS,
): Promise<void> {
  const started = performance.now()
  while (performance.now() - started < WAIT_MS) {
    if (await isSo()) return
    await setTimeout(everyMs)
  }
  throw new Error(`${what}: not within ${WAIT_MS / 1000} s`)
}

/** @throws Error when it is not so */
export function must(isSo: boolean, what: string): asserts isSo {
  if (!isSo) throw new Error(what)
}

/** Whether the file is sound and holds the catalog that it should. */
export function isCatalogThere({ db, truth }: Scene): boolean {
  return withDatabase(openForReading(db), (connection) => {
    const prices = connection.prepare('SELECT DISTINCT input_usd FROM v_model').pluck().all()
    const count = connection.prepare('SELECT count(*) FROM model').pluck().get()
    const isSound = connection.pragma('integrity_check', { simple: true }) === 'ok'
    return isSound && count === MODELS && prices.length === 1 && prices[0] === truth.oldest
  })
}
