import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { catalogOf, parseSize, SEED_SIZE, type Size } from './catalogs.ts'
import { measureInProcess } from './in-process.ts'
import { measureProcesses, PROCESS_ROWS } from './processes.ts'
import { loadRows, printResults, printRows, ratio, say, saySkipped } from './report.ts'
import { type Counts, LOADS, type LoadName, measureRounds, type Results } from './rounds.ts'
import { pinLoad } from './servers.ts'
import { COLD_MIX } from './workloads.ts'

/**
 * Measures the service beside references on the same machine; see docs/performance.md. Figures are for reading: whatever
 * they are, the exit code is 0, unless an answer was wrong.
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    sizes: { type: 'string', default: SEED_SIZE },
    'in-process': { type: 'boolean', default: false },
    plans: { type: 'boolean', default: false },
    random: { type: 'string' },
  },
})

const QUICK: Counts = { hot: 350, near: 40, cold: 200, warm: 40 }
const FULL: Counts = { hot: 21_000, near: 10_000, cold: 20_000, warm: 2_000 }
/** Where each request may take milliseconds. With fewer before them the measured ones would pay for compiling the program. */
const LARGE: Counts = { hot: 14_000, near: 2_000, cold: 4_000, warm: 1_000 }
const FULL_ROUNDS = 5
const LARGE_LOADS: readonly LoadName[] = ['404', 'cold']
/** What a larger catalog may take for the cold mix, over bare. */
const LARGE_COLD_TARGETS: Record<string, number> = { '100k': 18, '1m': 70 }
const MAX_SEED = 2 ** 31

const only = new Set(options.only.flatMap((rows) => rows.split(',')))
for (const row of only) {
  const all: readonly string[] = [...LOADS, ...PROCESS_ROWS]
  if (!all.includes(row)) throw new Error(`--only takes ${all.join(', ')}, not ${row}`)
}
const isWanted = (row: string) => only.size === 0 || only.has(row)
const rounds = options.rounds === undefined ? (options.quick ? 1 : FULL_ROUNDS) : Number(options.rounds)
const sizes = options.sizes.split(',').map(parseSize)
const randomSeed =
  options.random === undefined ? Math.floor(Math.random() * MAX_SEED) : Number(options.random)
const folder = mkdtempSync(join(tmpdir(), 'modeldex-bench-'))
try {
  const cores = `${availableParallelism()} cores, load average ${loadavg()[0]?.toFixed(1)}`
  say(`Node ${process.versions.node}, ${cores}; random seed ${randomSeed}, ${rounds} rounds; ${pinLoad()}\n`)
  if (options['in-process']) {
    await measureInProcess({ sizes, folder, randomSeed, isQuick: options.quick, hasPlans: options.plans })
  } else {
    const results = new Map<Size, Results>()
    for (const size of sizes) results.set(size, await measureLoads(size))
    compareSizes(results)
    await measureProcesses({ folder, sizes, isWanted, isQuick: options.quick })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measureLoads(size: Size): Promise<Results> {
  const isSeed = size === SEED_SIZE
  const loads = (isSeed ? LOADS : LARGE_LOADS).filter(isWanted)
  if (loads.length === 0) return new Map()
  const catalog = await catalogOf(size, folder, say).catch(saySkipped(size))
  if (catalog === undefined) return new Map()
  const results = await measureRounds({
    ...catalog,
    folder,
    loads,
    servers: isSeed ? ['bare', 'express', 'service', 'afternoon'] : ['bare', 'service'],
    counts: options.quick ? QUICK : isSeed ? FULL : LARGE,
    rounds,
    randomSeed,
    say: (what) => process.stderr.write(`${size}: ${what}\n`),
  })
  if (loads.includes('cold'))
    say(`cold: ${COLD_MIX.map(([kind, percent]) => `${percent} % ${kind}`).join(', ')}\n`)
  printResults(`${size} entries, medians`, results)
  if (isSeed) {
    printRows('at 8k entries', loadRows(results))
  } else {
    const target = LARGE_COLD_TARGETS[size]
    const value = ratio(results, 'cold', 'service', 'bare')
    printRows(`at ${size} entries`, [
      { what: 'cold mix, over bare', value, unit: 'x', ...(target !== undefined && { target }) },
    ])
  }
  return results
}

/** A 404 may take twice as long in a catalog of 100k. */
function compareSizes(results: ReadonlyMap<Size, Results>): void {
  const small = results.get(SEED_SIZE)
  const large = results.get('100k')
  if (small === undefined || large === undefined) return
  const value = ratio(large, '404', 'service', 'bare') / ratio(small, '404', 'service', 'bare')
  printRows('over the figure at 8k', [{ what: '404 with near ids at 100k', value, unit: 'x', target: 2 }])
}
