import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogOf, SEED_FILE, SEED_SIZE, type Size, syntheticSource } from './catalogs.ts'
import { median, medianRatio } from './figures.ts'
import type { IngestUsage } from './ingest-child.ts'
import { printRows, type Row, say, saySkipped } from './report.ts'
import { CREDENTIALS, childEnvironment, referenceArgs, serviceArgs, startServer } from './servers.ts'

export const PROCESS_ROWS = ['ingest', 'start'] as const

interface ProcessesOptions {
  folder: string
  sizes: readonly Size[]
  isWanted: (row: string) => boolean
  isQuick: boolean
}

const RUNS = 7
const QUICK_RUNS = 1
/** From which number to which; the run numbered 0 fills the cache of stripped sources and does not count. */
interface Runs {
  first: number
  last: number
}
/** Past this many models the floor is no measure; time and memory are. */
const MANY: Size = '1m'
const DETAIL = '/api/v1/inference/catalog/openai/gpt-4o'

/** What whole processes take: an ingest, and a start up to the first answer. */
export async function measureProcesses({
  folder,
  sizes,
  isWanted,
  isQuick,
}: ProcessesOptions): Promise<void> {
  const runs = { first: isQuick ? 1 : 0, last: isQuick ? QUICK_RUNS : RUNS }
  if (isWanted('ingest')) {
    printRows('ingest and file', await ingestRows(folder, runs))
    if (sizes.includes(MANY)) printRows('ingest of 1m', await manyRows(folder))
  }
  if (isWanted('start')) printRows('first answer after process start', await startRows(folder, sizes, runs))
}

async function ingestRows(folder: string, runs: Runs): Promise<Row[]> {
  const db = join(folder, 'ingested.db')
  const floorDb = join(folder, 'floor.db')
  // The same content in other bytes: on one line, and with all keys in another order.
  const [rewritten, reordered] = [join(folder, 'rewritten.json'), join(folder, 'reordered.json')]
  const seed: unknown = JSON.parse(readFileSync(SEED_FILE, 'utf8'))
  writeFileSync(rewritten, JSON.stringify(seed))
  writeFileSync(reordered, JSON.stringify(backwards(seed)))
  const work = {
    floor: () => ingestChild('floor', SEED_FILE, floorDb, '--fresh'),
    ingest: () => ingestChild('ingest', SEED_FILE, db, '--fresh'),
    same: () => ingestChild('ingest', SEED_FILE, db),
    rewritten: () => ingestChild('ingest', rewritten, db),
    reordered: () => ingestChild('ingest', reordered, db),
  }
  const usages: Record<keyof typeof work, IngestUsage[]> = {
    floor: [],
    ingest: [],
    same: [],
    rewritten: [],
    reordered: [],
  }
  for (let run = runs.first; run <= runs.last; run++) {
    for (const name of ['floor', 'ingest', 'same', 'rewritten', 'reordered'] as const) {
      const usage = work[name]()
      if (run > 0) usages[name].push(usage)
    }
  }
  const overFloor = (name: keyof typeof work, part: 'workUs' | 'processUs') =>
    medianRatio(
      usages[name].map((usage) => usage[part]),
      usages.floor.map((usage) => usage[part]),
    )
  const ms = (name: keyof typeof work) => median(usages[name].map(({ workUs }) => workUs)) / 1000
  return [
    { what: 'floor: parse the JSON, insert ready rows; CPU', value: ms('floor'), unit: 'ms' },
    { what: 'ingest of the seed, CPU', value: ms('ingest'), unit: 'ms' },
    { what: '  over the floor', value: overFloor('ingest', 'workUs'), unit: 'x', target: 4 },
    { what: '  over the floor, whole processes', value: overFloor('ingest', 'processUs'), unit: 'x' },
    {
      what: 'the same text again, over the floor',
      value: overFloor('same', 'workUs'),
      unit: 'x',
      target: 1.5,
    },
    {
      what: 'the same content in other bytes, over the floor',
      value: overFloor('rewritten', 'workUs'),
      unit: 'x',
      target: 1.5,
    },
    { what: '  whole processes', value: overFloor('rewritten', 'processUs'), unit: 'x' },
    {
      what: 'the same content in another order, over the floor',
      value: overFloor('reordered', 'workUs'),
      unit: 'x',
      target: 1.5,
    },
    { what: 'peak memory, ingest of the seed', value: peakMb(usages.ingest), unit: 'MB' },
    {
      what: 'database over the JSON, bytes',
      value: statSync(db).size / statSync(SEED_FILE).size,
      unit: 'x',
      target: 3,
    },
  ]
}

/** The same JSON value, each object's keys last to first. */
function backwards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(backwards)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([key, member]): [string, unknown] => [key, backwards(member)])
  return Object.fromEntries(members.toReversed())
}

async function manyRows(folder: string): Promise<Row[]> {
  const source = await syntheticSource(MANY)
  try {
    const { seconds, workUs, peakBytes } = ingestChild('ingest', source, join(folder, 'many.db'), '--fresh')
    return [
      { what: 'time', value: seconds, unit: 's', target: 120 },
      { what: 'CPU', value: workUs / 1e6, unit: 's' },
      { what: 'peak memory', value: peakBytes / 1e6, unit: 'MB', target: 1000 },
    ]
  } catch (error) {
    saySkipped(`ingest of ${MANY}`)(error)
    return []
  }
}

function peakMb(usages: readonly IngestUsage[]): number {
  return median(usages.map(({ peakBytes }) => peakBytes)) / 1e6
}

function ingestChild(...args: string[]): IngestUsage {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'ingest-child.ts'), ...args],
    { encoding: 'utf8', env: childEnvironment() },
  )
  if (status !== 0)
    throw new Error(
      stderr
        .trim()
        .split('\n')
        .find((line) => /^\w*Error:/.test(line)) ?? stderr,
    )
  return JSON.parse(stdout)
}

/** From the start of a process to its first answer, on the clock. */
async function startRows(folder: string, sizes: readonly Size[], runs: Runs): Promise<Row[]> {
  const { db } = await catalogOf(SEED_SIZE, folder, say)
  const many = sizes.findLast((size) => size !== SEED_SIZE)
  const large = many === undefined ? undefined : await catalogOf(many, folder, say).catch(saySkipped(many))
  const times: Record<'express' | 'seed' | 'large', number[]> = { express: [], seed: [], large: [] }
  for (let run = runs.first; run <= runs.last; run++) {
    const express = await firstAnswerMs(referenceArgs('express'), '/ready', folder)
    const seed = await firstAnswerMs(serviceArgs(db), DETAIL, folder)
    const of = large === undefined ? Number.NaN : await firstAnswerMs(serviceArgs(large.db), DETAIL, folder)
    if (run === 0) continue
    times.express.push(express)
    times.seed.push(seed)
    times.large.push(of)
  }
  return [
    { what: 'bare Express process', value: median(times.express), unit: 'ms' },
    { what: 'modeldex, seeded', value: median(times.seed), unit: 'ms' },
    {
      what: '  over the bare Express process',
      value: medianRatio(times.seed, times.express),
      unit: 'x',
      target: 1.6,
    },
    {
      what: `  at ${many}, over its own at 8k`,
      value: medianRatio(times.large, times.seed),
      unit: 'x',
      target: 1.2,
    },
  ]
}

async function firstAnswerMs(args: readonly string[], url: string, folder: string): Promise<number> {
  const started = performance.now()
  const server = await startServer({ args, log: join(folder, 'start.log'), isMeasured: false })
  try {
    const response = await fetch(`http://127.0.0.1:${server.port}${url}`, { headers: CREDENTIALS })
    await response.arrayBuffer()
    if (response.status !== 200) throw new Error(`the first answer was ${response.status}`)
    return performance.now() - started
  } finally {
    await server.stop()
  }
}
