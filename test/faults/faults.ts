import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { jumpClock } from './clock.ts'
import { runFuzz, showRequest, startTarget } from './fuzz/run.ts'
import { inspectMachine, makeDisk } from './machine.ts'
import { addFailures, addLoad, breaks, isNotRun, newOutcome, summarize, tell } from './outcome.ts'
import { runRounds } from './rounds.ts'
import { startScene } from './scene.ts'
import { FAULTS } from './table.ts'

/**
 * `npm run test:faults`: harms a service under load in every way that the table names, then sends it hostile requests.
 * Ends by itself, with 1 where a must is broken or a request failed that no fault explains.
 *
 * `--minutes N` goes on for so long; `--only TEXT` has only those happen whose name holds it; `--seed N` sends the hostile
 * requests of an earlier run, and `--request N` with it prints one of them.
 */
const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '0' },
    only: { type: 'string', default: '' },
    seed: { type: 'string' },
    request: { type: 'string' },
  },
})
const minutes = Number(options.minutes)
const isShort = minutes === 0
const CLOCK = 'the clock jumps'
const FUZZ = 'hostile requests'

/** The short form ends within this time, in ms; the long one so much later than it was told. */
const SHORT_MS = 180_000
const LATER_MS = 1_800_000
/** What it leaves for the end, in ms. */
const END_MS = 10_000
/** Hostile requests: how many, and for how long at most, in ms. */
const HOSTILE_REQUESTS = 100_000
const [SHORT_HOSTILE_MS, LONG_HOSTILE_MS] = [45_000, 900_000]
const SEEDS = 2 ** 32
/** Memory that the service may hold more after hostile requests than when it was warm, in MB: its caches fill. */
const MOST_HOSTILE_MB = 200

refuseWhatIsNothing()
const outcome = newOutcome()
const machine = inspectMachine()
const endsAfterMs = isShort ? SHORT_MS : minutes * 60_000 + LATER_MS
setTimeout(() => giveUp('it took too long'), endsAfterMs).unref()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, giveUp)
process.once('exit', machine.remove)

if (options.request !== undefined) {
  console.log(showRequest(seedOf(), Number(options.request)))
} else {
  const others = attempt('the table of faults', runTable).then(() => attempt(FUZZ, runHostile))
  await Promise.all([attempt(CLOCK, runClock), others])
  summarize(outcome)
  // Whatever a part that failed has left open does not keep it alive.
  if (outcome.broken.length > 0) process.exit(1)
}

function isWanted(name: string): boolean {
  return name.includes(options.only)
}

/** A run of nothing would end well. */
function refuseWhatIsNothing(): void {
  const names = [...FAULTS.map(({ name }) => name), CLOCK, FUZZ]
  if (names.some(isWanted) && minutes >= 0) return
  console.error(`--only takes a part of a name, --minutes a number. Names are:\n  ${names.join('\n  ')}`)
  process.exit(2)
}

/** Tells what was seen until then. */
function giveUp(why: string): void {
  breaks(outcome, `given up: ${why}`)
  summarize(outcome)
  process.exit(1)
}

/** Whatever ends it before its time breaks the run, and the others go on. */
async function attempt(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    tell(name, [])
    breaks(outcome, `${name}: ${error instanceof Error ? error.message : error}`)
  }
}

async function runTable(): Promise<void> {
  const faults = FAULTS.filter(({ name }) => isWanted(name))
  if (faults.length === 0) return
  const scene = await startScene(machine, makeDisk(machine))
  try {
    await runRounds(scene, faults, minutes, outcome)
  } finally {
    await scene.stop()
  }
}

/** Beside the others, for it waits most of the time. */
async function runClock(): Promise<void> {
  const { faketime } = machine
  if (!isWanted(CLOCK)) return
  if (faketime === undefined) return isNotRun(outcome, CLOCK, 'libfaketime is not installed')
  const run = await jumpClock(machine, faketime)
  tell(CLOCK, run.shown)
  addFailures(outcome, CLOCK, run.failures)
  addLoad(outcome, run)
}

async function runHostile(): Promise<void> {
  if (!isWanted(FUZZ)) return
  const seed = seedOf()
  const left = SHORT_MS - END_MS - performance.now()
  const mostMs = isShort ? Math.min(SHORT_HOSTILE_MS, left) : LONG_HOSTILE_MS
  if (mostMs <= 0) return isNotRun(outcome, FUZZ, 'the faults before took all the time')
  const run = await runFuzz(await startTarget(machine), { seed, count: HOSTILE_REQUESTS, mostMs })
  const { memory } = run
  const statuses = [...run.statuses].sort(([a], [b]) => a - b)
  tell(`${FUZZ}: ${run.requests} in ${run.seconds.toFixed(0)} s, --seed ${seed}`, [
    `answers, by status: ${statuses.map(([status, count]) => `${status || 'closed'}: ${count}`).join(', ')}`,
    `memory: ${memory.firstMb.toFixed(0)} MB once warm, at the end ${memory.lastMb.toFixed(0)} MB`,
    `answers of 500 and above, without an envelope, other than described, or none in time: ${run.faults.length}`,
  ])
  for (const fault of run.faults) breaks(outcome, fault)
  if (!isShort && run.requests < HOSTILE_REQUESTS)
    breaks(outcome, `no more than ${run.requests} hostile requests`)
  const grown = memory.lastMb - memory.firstMb
  if (grown > MOST_HOSTILE_MB) breaks(outcome, `hostile requests take ${grown.toFixed(0)} MB`)
}

function seedOf(): number {
  return options.seed === undefined ? randomInt(SEEDS) : Number(options.seed)
}
