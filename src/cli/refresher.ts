import type { Logger } from 'pino'
import type { Config, Secrets } from '../config.ts'
import { AppError } from '../errors.ts'
import { type Attempt, failedAttempt } from '../ingest/attempt.ts'
import type { RefreshReport } from '../ingest/refresh.ts'
import { noteAttempt, readAttempt } from '../ingest/refresh-file.ts'
import { fetchLimits } from './fetch-limits.ts'
import { type RefreshProcess, startRefreshProcess } from './refresh-process.ts'

/** Refreshes the catalog that is served, one at a time, each in a process of its own. */
export interface Refresher {
  /** @throws AppError `conflict` while one is under way, by whichever process; or why it failed */
  run(): Promise<RefreshReport>
  /** How the last one went, by whichever process. */
  lastAttempt(): Attempt | undefined
  /** How often it went how, of those run here. */
  outcomes(): Readonly<Record<Attempt['outcome'], number>>
  /** Ends the one under way. */
  stop(): Promise<void>
}

export const NO_OUTCOMES: Readonly<Record<Attempt['outcome'], number>> = {
  updated: 0,
  unchanged: 0,
  failed: 0,
}

export function createRefresher(
  config: Config,
  { followToken }: Secrets,
  log: Logger,
  now: () => Date,
): Refresher {
  const { db, overlay, allowShrink, allowInvalid } = config
  const from = config.follow ?? config.source
  const follow = config.follow === undefined ? undefined : { token: followToken }
  let running: { process: RefreshProcess; outcome: Promise<RefreshReport> } | undefined
  /** Kept here too: a disk that is full takes no note of it. */
  let remembered: Attempt | undefined
  const outcomes = { ...NO_OUTCOMES }
  const remember = (attempt: Attempt) => {
    remembered = attempt
    outcomes[attempt.outcome]++
  }

  const outcomeOf = async (process: RefreshProcess, at: string): Promise<RefreshReport> => {
    try {
      const report = await process.report
      remember({ at, outcome: report.unchanged ? 'unchanged' : 'updated', error: null })
      const { setAside, overlayNotices, ...counts } = report
      log.info({ ...counts, setAside: setAside.length }, 'catalog refreshed')
      if (setAside.length > 0) log.warn({ setAside }, 'entries set aside')
      warnOfOverlay(overlayNotices, log)
      return report
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'conflict') throw error
      const failed = failedAttempt(at, error)
      remember(failed)
      log.error({ ...failed.error, reason: error.cause }, 'refresh failed')
      // Its process may have been killed before it could.
      if (error.code === 'internal') await noteAttempt(db, failed)
      throw error
    } finally {
      running = undefined
    }
  }

  return {
    async run() {
      if (running !== undefined) throw new AppError('conflict', 'A refresh is already running')
      const at = now().toISOString()
      const limits = fetchLimits(config)
      const process = startRefreshProcess({
        db,
        from,
        overlay,
        at,
        allowShrink,
        allowInvalid,
        follow,
        limits,
      })
      const outcome = outcomeOf(process, at)
      running = { process, outcome }
      return outcome
    },
    lastAttempt() {
      return laterAttempt(readAttempt(db), remembered)
    },
    outcomes: () => outcomes,
    async stop() {
      running?.process.end()
      await running?.outcome.catch(() => {})
    },
  }
}

export function laterAttempt(
  noted: Attempt | undefined,
  remembered: Attempt | undefined,
): Attempt | undefined {
  if (noted === undefined || remembered === undefined) return noted ?? remembered
  return noted.at >= remembered.at ? noted : remembered
}

export function warnOfOverlay(notices: readonly object[], log: Logger): void {
  if (notices.length > 0) log.warn({ notices }, 'parts of the overlay have no effect')
}
