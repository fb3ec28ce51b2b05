import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { measureStarts, type Start } from './starts.ts'

/**
 * Prints what the program takes on the seed: an ingest's CPU, the time to the first answer, and memory. Each figure is
 * the median of several runs; the budgets stand beside them.
 */
const RUNS = 5
const REQUESTS = 2_000
const BIN = join(import.meta.dirname, '..', 'src', 'bin.js')
const TOKEN = 'measure'
const WORDS = [
  'claude',
  'gpt-4o',
  'gemini 2.5',
  'a',
  'llama 70b',
  'k2',
  '3.5',
  'openrouter sonnet',
  'nothing-like-it',
]
const LIST = '/api/v1/inference/catalog'

const folder = mkdtempSync(join(tmpdir(), 'modeldex-measure-'))
try {
  const db = join(folder, 'catalog.db')
  const ingests = await repeat(() => {
    rmSync(db, { force: true })
    return ingest(db)
  })
  const unchanged = await repeat(() => ingest(db))
  const starts = await repeat(() => serve(db, 'identity'))
  const fresh = join(folder, 'fresh.db')
  const firstStarts = await repeat(() => {
    rmSync(fresh, { force: true })
    return serve(fresh, 'identity')
  })
  const compressed = await repeat(() => serve(db, 'gzip'))
  const [bare, ...searches] = measureStarts(db, folder)
  const seed = statSync(join(import.meta.dirname, '..', 'seed', 'catalog.json')).size
  print('ingest of the seed, CPU', `${median(ingests).toFixed(0)} ms`, 'under 1,000 ms')
  print('ingest of the same again, CPU', `${median(unchanged).toFixed(0)} ms`, '')
  print(
    'first answer of a first start, with seed and history',
    `${median(firstStarts.map(({ firstMs }) => firstMs)).toFixed(0)} ms`,
    'within 2,000 ms',
  )
  print(
    'first answer after process start',
    `${median(starts.map(({ firstMs }) => firstMs)).toFixed(0)} ms`,
    'within 500 ms',
  )
  print(
    'memory (RSS) after the first answer',
    `${median(starts.map(({ firstMb }) => firstMb)).toFixed(0)} MB`,
    '',
  )
  for (const [coding, runs] of [
    ['plain', starts],
    ['gzip', compressed],
  ] as const) {
    const megabytes = median(runs.map(({ lastMb }) => lastMb)).toFixed(0)
    print(`memory (RSS) after ${REQUESTS} searches, ${coding}`, `${megabytes} MB`, 'under 130 MB')
  }
  if (bare !== undefined) print(bare.what, shownStart(bare), '')
  for (const start of searches) {
    const [clock, cpu] = [start.clockMs / (bare?.clockMs ?? 0), start.cpuMs / (bare?.cpuMs ?? 0)]
    const ratios = `${clock.toFixed(2)} and ${cpu.toFixed(2)} times bare Node by clock and CPU`
    print(start.what, shownStart(start), ratios)
  }
  print('catalog.db', `${(statSync(db).size / 1e6).toFixed(1)} MB`, `the seed: ${(seed / 1e6).toFixed(1)} MB`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function shownStart({ clockMs }: Start): string {
  return `${clockMs.toFixed(0)} ms`
}

async function repeat<T>(run: () => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let index = 0; index < RUNS; index++) results.push(await run())
  return results
}

/** CPU of a whole `ingest` process, start included, in ms: it reports that itself as it exits. */
async function ingest(db: string): Promise<number> {
  const report =
    'process.on("exit", () => { const { user, system } = process.cpuUsage(); console.error("cpu", user + system) })'
  const child = spawn(
    process.execPath,
    ['--import', `data:text/javascript,${report}`, BIN, 'ingest', '--db', db],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const printed = await text(child.stderr)
  return Number(/^cpu (\d+)$/m.exec(printed)?.[1]) / 1000
}

async function serve(
  db: string,
  coding: string,
): Promise<{ firstMs: number; firstMb: number; lastMb: number }> {
  const started = performance.now()
  const child = spawn(process.execPath, [BIN, 'serve', '--db', db, '--port', '0', '--rate-limit', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, MODELDEX_TOKEN: TOKEN },
  })
  try {
    const base = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (data: Buffer) => {
        const url = /http:\/\/[\d.:]+/.exec(data.toString())?.[0]
        if (url !== undefined) resolve(url)
      })
      child.once('exit', () => reject(new Error('serve ended before it listened')))
    })
    await request(`${base}${LIST}`, coding)
    const firstMs = performance.now() - started
    const firstMb = residentMb(child.pid)
    for (let index = 0; index < REQUESTS; index++)
      await request(`${base}${LIST}?query=${WORDS[index % WORDS.length]}&limit=${1 + (index % 100)}`, coding)
    return { firstMs, firstMb, lastMb: residentMb(child.pid) }
  } finally {
    child.kill()
    if (child.exitCode === null) await once(child, 'exit')
  }
}

async function request(url: string, coding: string): Promise<void> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'accept-encoding': coding }
  const response = await fetch(url, { headers })
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`)
  await response.arrayBuffer()
}

/** Resident memory now; Linux only. */
function residentMb(pid: number | undefined): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return (Number(kib) * 1024) / 1e6
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function print(what: string, figure: string, budget: string): void {
  process.stdout.write(`${what.padEnd(54)}${figure.padStart(10)}   ${budget}\n`)
}
