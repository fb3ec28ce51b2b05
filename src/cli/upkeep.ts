import { setTimeout } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type Catalog, openCatalog } from '../catalog/catalog.ts'
import type { Config, Secrets } from '../config.ts'
import { AppError } from '../errors.ts'
import type { RefreshControl } from '../http/context.ts'
import { refuseSnapshot } from '../ingest/prepare.ts'
import { fillIfEmpty } from './fill.ts'
import { type PublishedSnapshots, publishedSnapshots } from './published-snapshots.ts'
import { createRefresher, type Refresher } from './refresher.ts'
import type { Schedule } from './schedule.ts'

/** How long a start waits for what it follows before it serves what it has, in ms. */
const FOLLOW_WAIT_MS = 5_000

/** What one process does, for however many serve the file: it fills it, refreshes it and makes its snapshots. */
export interface Upkeep {
  catalog: Catalog
  refresh: RefreshControl
  snapshots: PublishedSnapshots
  /** Runs the schedule from now on. */
  begin(): void
  /** Ends what is under way, so that no request waits for it. */
  stop(): Promise<void>
  close(): void
}

/** @param onRefreshed is called after each refresh, once the next one is planned */
export async function openUpkeep(
  config: Config,
  secrets: Secrets,
  log: Logger,
  now: () => Date,
  onRefreshed: () => void = () => {},
): Promise<Upkeep> {
  // First of all: what is wrong with it is to be told before anything is done.
  const timetable = await timetableOf(config)
  if (timetable !== undefined) refuseSnapshot(config.db)
  const { isFilled } = await fillIfEmpty(config, secrets, log, now)
  const catalog = openCatalog(config.db)
  const snapshots = publishedSnapshots(config.db, catalog)
  const refresher = createRefresher(config, secrets, log, now)
  let schedule: Schedule | undefined
  const refreshed = () => void setImmediate(onRefreshed)
  if (config.follow !== undefined && !isFilled) {
    // Asked before anything is served: whoever was answered by another follower meanwhile is to see nothing older.
    const asked = refreshOnTime(refresher, { due: now(), now, log }).finally(refreshed)
    await Promise.race([asked, setTimeout(FOLLOW_WAIT_MS, undefined, { ref: false })])
  }
  return {
    catalog,
    snapshots,
    refresh: {
      ...refresher,
      run: () => refresher.run().finally(refreshed),
      next: () => schedule?.next(),
    },
    begin() {
      schedule = timetable?.start(
        (due) => refreshOnTime(refresher, { due, now, log }).finally(refreshed),
        now,
      )
    },
    async stop() {
      schedule?.stop()
      await refresher.stop()
      await snapshots.close()
    },
    close: () => catalog.close(),
  }
}

/** @throws UsageError for a cron expression that is none */
async function timetableOf({ refresh, follow, followInterval }: Config) {
  if (refresh === undefined && follow === undefined) return undefined
  // Loaded only when it is needed: most services have no schedule.
  const { everySeconds, readTimetable, startSchedule } = await import('./schedule.ts')
  const timetable = refresh === undefined ? everySeconds(followInterval) : readTimetable(refresh)
  return {
    start: (work: (due: Date) => Promise<void>, now: () => Date) => startSchedule(timetable, work, now),
  }
}

/** One refresh for all processes on the file: the first of them whose time comes runs it. */
async function refreshOnTime(
  refresher: Refresher,
  { due, now, log }: { due: Date; now: () => Date; log: Logger },
): Promise<void> {
  const last = refresher.lastAttempt()
  if (last !== undefined && last.outcome !== 'failed') {
    const at = Date.parse(last.at)
    // One of a time to come was noted by a clock that has been set back since, and says nothing of this one.
    if (at >= due.getTime() && at <= now().getTime()) return
  }
  try {
    await refresher.run()
  } catch (error) {
    // Any other failure is logged already.
    if (error instanceof AppError && error.code === 'conflict')
      log.info({ reason: error.message }, 'refresh passed over')
  }
}
