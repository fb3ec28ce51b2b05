import type { Fault } from './fault.ts'
import { watchMemory } from './memory.ts'
import { addFailures, addLoad, breaks, isNotRun, type Outcome, tell } from './outcome.ts'
import { isCatalogThere, must, type Scene, until, type WorkerLine } from './scene.ts'

/** How many times in a row a fresh connection has to find the service ready, so that each worker was met. */
const READY_TIMES = 20
/** From how long a run on it tells something by how much memory grows, in minutes, and how much it may. */
const TELLING_MINUTES = 8
const MOST_MB_PER_TEN_MINUTES = 10
const NO_FAULT = 'no fault'

/** Has all faults happen in turn, again and again until so many minutes are over. */
export async function runRounds(
  scene: Scene,
  faults: readonly Fault[],
  minutes: number,
  outcome: Outcome,
): Promise<void> {
  const [steady = 0] = scene.workers()
  const memory = watchMemory(
    new Map([
      ['the primary', scene.primary],
      ['a worker', steady],
    ]),
  )
  const endsAt = performance.now() + minutes * 60_000
  try {
    do {
      for (const fault of faults) await runFault(scene, fault, outcome)
    } while (performance.now() < endsAt)
    await look(scene, NO_FAULT, undefined, outcome)
  } finally {
    memory.stop()
  }
  for (const { workerPid, signal } of endedByItself(scene.logged(), scene.killed))
    breaks(outcome, `worker ${workerPid} ended by itself (${signal})`)
  addLoad(outcome, scene.load)
  for (const growth of memory.growth()) {
    outcome.memory.push(growth)
    const grows = growth.mbPerTenMinutes > MOST_MB_PER_TEN_MINUTES
    if (growth.minutes >= TELLING_MINUTES && grows) breaks(outcome, `the memory of ${growth.name} grows`)
  }
}

/** Workers that nobody killed: others took their places, and no request may have noticed. */
export function endedByItself(logged: readonly WorkerLine[], killed: ReadonlySet<number>): WorkerLine[] {
  return logged.filter(({ msg, workerPid }) => msg === 'worker ended' && !killed.has(workerPid ?? 0))
}

async function runFault(scene: Scene, fault: Fault, outcome: Outcome): Promise<void> {
  const { name } = fault
  await look(scene, NO_FAULT, undefined, outcome)
  const started = performance.now()
  try {
    const shown = await fault.happen(scene)
    await until('all workers are ready', () => isReady(scene))
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    if ('notRun' in shown) isNotRun(outcome, name, shown.notRun)
    else tell(`${name} (${seconds} s)`, shown)
  } catch (error) {
    tell(name, [])
    breaks(outcome, `${name}: ${error instanceof Error ? error.message : error}`)
  }
  await look(scene, name, fault.explains, outcome)
}

async function isReady(scene: Scene): Promise<boolean> {
  for (let time = 0; time < READY_TIMES; time++) if ((await scene.ready()).status !== 200) return false
  return true
}

/** Counts what failed meanwhile, and looks for the catalog. */
async function look(
  scene: Scene,
  name: string,
  explains: Fault['explains'],
  outcome: Outcome,
): Promise<void> {
  addFailures(outcome, name, await scene.load.failures(), explains)
  try {
    must(isCatalogThere(scene), 'another catalog is there, or a damaged one')
  } catch (error) {
    outcome.lost++
    breaks(outcome, `the catalog is lost after ${name}: ${error instanceof Error ? error.message : error}`)
  }
}
