import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

/** A server under measurement, in a process and, where that can be had, on a core of its own. */
export interface Server {
  port: number
  usage(): Promise<Usage>
  stop(): Promise<void>
}

/** What the operating system says a process took so far. */
export interface Usage {
  /** User and system time of all its threads, in µs. */
  cpuUs: number
  rssBytes: number
}

export interface Start {
  /** The program and its arguments, for Node to run. */
  args: readonly string[]
  /** Where its standard error goes. */
  log: string
  /** Left out where the start itself is measured. */
  isMeasured?: boolean
}

const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 10_000
/** The limit is there and counts, but never reached. */
const HIGH_RATE_LIMIT = 2_147_483_647
const ROOT = join(import.meta.dirname, '..')
const BIN = join(ROOT, 'src', 'bin.js')
const USAGE = import.meta.resolve('./usage.js')
const COMPILE_CACHE = join(ROOT, 'node_modules', '.cache', 'modeldex-bench')
const LISTENS = /http:\/\/127\.0\.0\.1:(\d+)/

const TOKEN = randomBytes(32).toString('base64url')
/** What every request of a load carries; the references pay no heed. */
export const CREDENTIALS = { Authorization: `Bearer ${TOKEN}` }

/** Those still running end with the bench, however it ends. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const cores = availableParallelism()
/** Keeps a process to a core; Linux only. */
const PIN = 'taskset'
/** Servers have one core and the load another. */
const hasTaskset = cores > 1 && spawnSync(PIN, ['--version']).status === 0
const SERVER_CORE = String(cores - 1)

/** Keeps this process, which makes the load, off the servers' core. */
export function pinLoad(): string {
  if (!hasTaskset) return 'servers and load on any core'
  spawnSync(PIN, ['-acp', `0-${cores - 2}`, String(process.pid)])
  return `servers on core ${SERVER_CORE}, load on the others`
}

/** As it runs in production: credentials, rate limiter and request log on. */
export function serviceArgs(db: string): string[] {
  const limit = ['--rate-limit', String(HIGH_RATE_LIMIT)]
  return [BIN, 'serve', '--db', db, '--port', '0', '--tokens-file', `${db}.tokens.json`, ...limit]
}

export function referenceArgs(name: 'bare' | 'express' | 'afternoon', ...args: string[]): string[] {
  return [join(import.meta.dirname, `${name}-server.ts`), ...args]
}

export async function startServer({ args, log, isMeasured = true }: Start): Promise<Server> {
  const child = startNode(isMeasured ? ['--import', USAGE, ...args] : args, log)
  try {
    return { port: await portOf(child), usage: () => usageOf(child), stop: () => stop(child) }
  } catch (error) {
    await stop(child)
    throw error
  }
}

function startNode(args: readonly string[], log: string): ChildProcess {
  const stderr = openSync(log, 'a')
  try {
    const command = hasTaskset ? [PIN, '-c', SERVER_CORE, process.execPath] : [process.execPath]
    const [program = '', ...before] = command
    const child = spawn(program, [...before, ...args], {
      stdio: ['ignore', 'pipe', stderr, 'ipc'],
      env: { ...childEnvironment(), MODELDEX_TOKEN: TOKEN },
    })
    running.add(child)
    child.once('exit', () => running.delete(child))
    return child
  } finally {
    closeSync(stderr)
  }
}

/** What is set for a service on this machine is not for the one that is measured. */
export function childEnvironment(): Record<string, string | undefined> {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('MODELDEX_'))
  // Keeps stripped sources for the references too, as the launcher does for the service.
  return { ...Object.fromEntries(others), NODE_COMPILE_CACHE: COMPILE_CACHE }
}

async function portOf(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const timer = setTimeout(() => reject(new Error('a server did not start in time')), START_TIMEOUT_MS)
  let printed = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    const port = LISTENS.exec(printed)?.[1]
    if (port !== undefined) resolve(Number(port))
  })
  child.once('error', reject)
  child.once('exit', (code) => reject(new Error(`a server ended as it started, exit code ${code}`)))
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}

async function usageOf(child: ChildProcess): Promise<Usage> {
  child.send('usage')
  const [message] = await once(child, 'message', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) })
  return message as Usage
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await exited
  clearTimeout(timer)
}
