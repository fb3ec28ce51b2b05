import type { Fault } from './fault.ts'
import type { Failure } from './load.ts'
import { clientPorts, isGone, isListening, limitFiles, limitOfFiles, openFiles } from './processes.ts'
import { must, type Scene, until } from './scene.ts'

/** The clients' ends of the connections that the killed worker held. */
let lost = new Set<number>()

const explains = ({ cause, port }: Failure) =>
  port !== undefined && lost.has(port) && (cause === 'ECONNRESET' || cause === 'socket hang up')

export const KILLED_WORKER: Fault = {
  name: 'a worker is killed with -9',
  explains,
  async happen(scene) {
    const before = scene.workers().length
    const shown = await killNewest(scene)
    return [shown, await isReplaced(scene, before)]
  },
}

export const IRREPLACEABLE_WORKER: Fault = {
  name: 'a worker is killed with -9 while no other can be started',
  explains,
  async happen(scene) {
    const { machine, primary, workers, logged } = scene
    const before = workers().length
    const limit = limitOfFiles(primary)
    const tries = () => logged().filter(({ msg }) => msg === 'worker cannot be started')
    const triedBefore = tries().length
    try {
      const why = limitFiles(machine.asOther, primary, openFiles(primary) - 1)
      if (why !== undefined) return { notRun: `the limit of a process cannot be set (${why})` }
      const shown = await killNewest(scene)
      await until('another one is tried', () => tries().length > triedBefore + 1)
      limitFiles(machine.asOther, primary, limit)
      const failed = `${tries().length - triedBefore} times another one could not be started: ${tries().at(-1)?.err?.code}`
      return [shown, failed, await isReplaced(scene, before)]
    } finally {
      limitFiles(machine.asOther, primary, limit)
    }
  },
}

/** The newest: the first one lives through the whole run, so that its memory tells something. */
async function killNewest({ workers, port, logged, killed }: Scene): Promise<string> {
  const [first, ...others] = workers()
  const victim = others.at(-1)
  must(first !== undefined && victim !== undefined, 'fewer than two workers run')
  lost = clientPorts(victim, port)
  killed.add(victim)
  process.kill(victim, 'SIGKILL')
  await until('the worker is gone', () => isGone(victim))
  const seen = () => logged().find(({ workerPid }) => workerPid === victim)
  await until('the service notices', () => seen() !== undefined)
  return `pid ${victim} gone, by ${seen()?.signal} as the log says; ${lost.size} of the load's connections were its own`
}

async function isReplaced({ workers, port }: Scene, count: number): Promise<string> {
  await until('another one is there', () => workers().length === count)
  const newest = workers().at(-1) ?? 0
  await until('it serves', () => isListening(newest, port))
  return `pid ${newest} stands in its place`
}
