import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import type { Logger } from 'pino'
import { AppError } from '../errors.ts'
import { ownCommand } from '../program/command.ts'
import { answerTo, type Question, readQuestion, type Word } from './worker-channel.ts'

/** A worker that ends sooner than this after it began to serve, in ms, ended at once. */
export const AT_ONCE_MS = 1_000
/** How long a place stays empty, at first: doubled with each worker in a row that ended at once. In ms. */
const RESTART_MS = 100
const MAX_RESTART_MS = 10_000
/** When so many in a row have ended at once, and none serves, there is no point in going on. */
const MAX_ENDED_AT_ONCE = 6
/** How long the workers may take to stop, longer than requests under way may take to finish; in ms. */
const STOP_MS = 12_000

/** The processes that serve. */
export interface Workers {
  port: number
  /** Says something to all of them. */
  tell(word: Word): void
  /** Asks all that serve what they measure. Gives how many these are. */
  askMeasures(round: number): number
  /** Lets each finish the requests under way. */
  stop(): Promise<void>
  /** Rejects when none can be kept alive. */
  lost: Promise<never>
}

export interface WorkersOptions {
  count: number
  /** 0 takes a free one, the same for all. */
  port: number
  log: Logger
  /** Answers what a worker asks; `begin` is answered here, but for what is told. */
  answer(question: Exclude<Question, { call: 'begin' }>): unknown
  told(): unknown
}

/**
 * Starts the workers, and others in their places when they end; all are served by one listening socket.
 * @throws AppError `internal` when one ends before it serves
 */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { count, log } = options
  const { promise: lost, reject: giveUp } = Promise.withResolvers<never>()
  // Whoever waits for it is told; until somebody does, it is no failure of its own.
  lost.catch(() => {})
  const serving = new Set<Worker>()
  const restarts = new Set<NodeJS.Timeout>()
  let port = 0
  /** Workers that ask for port 0 get the same one, for as long as there are any. */
  let portToAsk = options.port
  let endedAtOnce = 0
  let isStarting = true
  let isStopping = false

  // Each worker accepts for itself: handed over by the primary, a connection that is under way to a worker when that is
  // killed would neither be answered nor closed.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  const [, [exec = '', ...args]] = ownCommand(process.argv.slice(2))
  cluster.setupPrimary({ exec, args })

  /** Fills a place. Resolves once it serves; rejects when it ends before. */
  const start = async (number: number): Promise<void> => {
    const worker = cluster.fork()
    const listens = once(worker, 'listening')
    const ended = once(worker, 'exit')
    let settling: NodeJS.Timeout | undefined
    let hasSettled = false
    worker.on('message', (message) => void hear(worker, number, readQuestion(message)))
    worker.on('exit', (code, signal) => {
      clearTimeout(settling)
      const hasServed = serving.delete(worker)
      if (isStopping || (isStarting && !hasServed)) return
      if (serving.size === 0) portToAsk = port
      log.warn({ worker: number, workerPid: worker.process.pid, code, signal }, 'worker ended')
      if (!hasSettled) endedAtOnce++
      restart(number)
    })
    const isUp = await Promise.race([listens.then(() => true), ended.then(() => false)])
    if (!isUp) throw new AppError('internal', `Worker ${number} ended before it served`)
    const [address] = await listens
    port = address.port
    serving.add(worker)
    settling = setTimeout(() => {
      hasSettled = true
      endedAtOnce = 0
    }, AT_ONCE_MS)
    log.info({ worker: number, workerPid: worker.process.pid }, 'worker serves')
  }
  const restart = (number: number) => {
    if (endedAtOnce >= MAX_ENDED_AT_ONCE && serving.size === 0) {
      giveUp(new AppError('internal', `${endedAtOnce} workers in a row ended at once`))
      return
    }
    const timer = setTimeout(() => {
      restarts.delete(timer)
      start(number).catch((error: unknown) => {
        // One that ended has been seen to end; one that the system did not start never does.
        if (isStopping || error instanceof AppError) return
        log.warn({ worker: number, err: error }, 'worker cannot be started')
        endedAtOnce++
        restart(number)
      })
    }, restartDelayMs(endedAtOnce))
    restarts.add(timer)
  }
  const hear = async (worker: Worker, number: number, question: Question) => {
    say(
      worker,
      await answerTo(question, (asked) =>
        asked.call === 'begin'
          ? { worker: number, port: portToAsk, told: options.told() }
          : options.answer(asked),
      ),
    )
  }

  const stop = async () => {
    isStopping = true
    for (const timer of restarts) clearTimeout(timer)
    const workers = all()
    const ends = workers.map((worker) => once(worker, 'exit'))
    for (const worker of workers) say(worker, { stop: true })
    const kill = setTimeout(() => {
      for (const worker of all()) worker.process.kill('SIGKILL')
    }, STOP_MS)
    await Promise.all(ends)
    clearTimeout(kill)
  }

  try {
    // The first one alone: what is wrong is told once.
    await start(1)
    await Promise.all(Array.from({ length: count - 1 }, (_, index) => start(index + 2)))
    isStarting = false
  } catch (error) {
    await stop()
    throw error
  }
  return {
    port,
    tell: (word) => {
      for (const worker of all()) say(worker, word)
    },
    askMeasures: (measure) => {
      for (const worker of serving) say(worker, { measure })
      return serving.size
    },
    stop,
    lost,
  }
}

/** How long a place stays empty when so many in a row have ended at once, the last one included if it did. */
export function restartDelayMs(endedAtOnce: number): number {
  return Math.min(RESTART_MS * 2 ** Math.max(endedAtOnce - 1, 0), MAX_RESTART_MS)
}

/** Without those that the system never started: cluster keeps them, and they never end. */
function all(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter(
    (worker): worker is Worker => worker?.process.pid !== undefined,
  )
}

/** It may have ended meanwhile; then nobody waits for the answer. */
function say(worker: Worker, word: Word): void {
  if (worker.isConnected()) worker.send(word, () => {})
}
