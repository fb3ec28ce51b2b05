import { Cron } from 'croner'
import { UsageError } from '../errors.ts'

/** How much later than its time a run may begin: a share of the time to the one after it, and never more than this. */
const JITTER_SHARE = 0.1
const MAX_JITTER_MS = 5 * 60_000
/** How often the clock is looked at, in ms: it may be set, and a machine may sleep. */
const CLOCK_CHECK_MS = 30_000

/** When something is to be done, in UTC. */
export interface Timetable {
  /** @returns undefined when there is no such time any more */
  after(time: Date): Date | undefined
}

/** @throws UsageError for what is no cron expression, or names no time at all */
export function readTimetable(expression: string): Timetable {
  const refuse = (why: string) => new UsageError(`--refresh: ${JSON.stringify(expression)} ${why}`)
  let cron: Cron
  try {
    cron = new Cron(expression, { timezone: 'UTC', paused: true })
  } catch (error) {
    throw refuse(`is no cron expression (${error instanceof Error ? error.message : error})`)
  }
  if (cron.nextRun() === null) throw refuse('names no time to come')
  return { after: (time) => cron.nextRun(time) ?? undefined }
}

/** As often as that from now on. */
export function everySeconds(seconds: number): Timetable {
  return { after: (time) => new Date(time.getTime() + seconds * 1000) }
}

export interface Schedule {
  /** When the next run begins, its jitter included. */
  next(): Date | undefined
  stop(): void
}

/**
 * Runs work by a timetable, a little late each time, so that many machines with the same timetable do not ask upstream
 * at once. A run that is not over when the next one is due lets that one pass.
 * @param work gets the time its run was due without jitter, and deals with its failures itself
 */
export function startSchedule(
  timetable: Timetable,
  work: (due: Date) => Promise<void>,
  now: () => Date,
  random: () => number = Math.random,
): Schedule {
  let next: Date | undefined
  let timer: NodeJS.Timeout | undefined
  let isStopped = false

  const plan = () => {
    const due = timetable.after(now())
    next = due && new Date(due.getTime() + jitterMs(timetable, due) * random())
    if (due && next) wait(due, next)
  }
  const wait = (due: Date, begin: Date) => {
    const left = begin.getTime() - now().getTime()
    const look = () => {
      if (begin <= now()) void run(due)
      else if (isSetBack(due)) plan()
      else wait(due, begin)
    }
    timer = setTimeout(look, Math.min(Math.max(left, 0), CLOCK_CHECK_MS))
  }
  /** A clock that was ahead, and is right again, must not keep the work waiting for as long. */
  const isSetBack = (due: Date) => {
    const sooner = timetable.after(now())
    return sooner !== undefined && sooner < due
  }
  const run = async (due: Date) => {
    next = undefined
    await work(due)
    if (!isStopped) plan()
  }

  plan()
  return {
    next: () => next,
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

function jitterMs(timetable: Timetable, due: Date): number {
  const following = timetable.after(due)
  const intervalMs = following === undefined ? 0 : following.getTime() - due.getTime()
  return Math.min(intervalMs * JITTER_SHARE, MAX_JITTER_MS)
}
