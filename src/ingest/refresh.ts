import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { openForReading, opening, withDatabase } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { isUrl, readAddress } from '../source/address.ts'
import type { FetchLimits } from '../source/fetch.ts'
import { loadSource, shownSource } from '../source/load.ts'
import { readOverlay } from '../source/overlay-file.ts'
import { failedAttempt, publicFault } from './attempt.ts'
import { readBuild } from './build.ts'
import { type DatasetRow, noteFetch, peek } from './dataset.ts'
import { type IngestOptions, type IngestReport, ingest, inTransaction, unchangedOutcome } from './ingest.ts'
import { digestOfOverlay } from './overlay.ts'
import { readNotices } from './overlay-tables.ts'
import { refuseSnapshot } from './prepare.ts'
import { type KnownAnswer, lockRefresh } from './refresh-file.ts'

export interface RefreshOptions extends Pick<IngestOptions, 'db' | 'from' | 'overlay' | 'onProgress'> {
  allowShrink: boolean
  allowInvalid: boolean
  limits?: FetchLimits
  /** How long to wait for another refresh to end. */
  waitMs?: number
  now?: () => Date
}

/** What a refresh did. */
export interface RefreshReport extends IngestReport {
  fetchedAt: string
}

/**
 * Ingests a source as its owner is to see it: one at a time on all processes, only what passes the guards, a URL asked
 * only for what is new. How it went is written down beside the file.
 * @throws AppError `conflict` while another one runs or where the catalog is a snapshot, and whatever `ingest` throws;
 * the catalog is unchanged then
 */
export async function refresh(options: RefreshOptions): Promise<RefreshReport> {
  const at = (options.now?.() ?? new Date()).toISOString()
  refuseSnapshot(options.db)
  const lock = await lockRefresh(options.db, options.waitMs)
  try {
    const { report, answer } = await attempt(options, at, lock.knownAnswer())
    lock.note({ at, outcome: report.unchanged ? 'unchanged' : 'updated', error: null }, answer)
    return report
  } catch (error) {
    lock.note(failedAttempt(at, publicFault(error)))
    throw error
  } finally {
    lock.release()
  }
}

interface Attempted {
  report: RefreshReport
  /** What the next refresh is to ask about. */
  answer: KnownAnswer | undefined
}

async function attempt(
  options: RefreshOptions,
  fetchedAt: string,
  lastAnswer: KnownAnswer | undefined,
): Promise<Attempted> {
  const { db, from, overlay, limits, onProgress, allowShrink, allowInvalid } = options
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  const addressDigest = isUrl(from) ? hash('sha256', readAddress(from).url.href) : ''
  const held = await heldWhole(db, overlay)
  const isKnown = lastAnswer?.addressDigest === addressDigest && lastAnswer.version === held?.version
  const loaded = await loadSource(from, { known: isKnown ? lastAnswer : undefined, limits })
  if (loaded === undefined) {
    return { report: { ...noteStillHeld(db, held, from, fetchedAt), seconds: seconds() }, answer: undefined }
  }
  const report = await ingest({
    db,
    from,
    loaded,
    overlay,
    guards: { allowShrink, allowInvalid },
    now: () => new Date(fetchedAt),
    ...(onProgress && { onProgress }),
  })
  return {
    report: { ...report, fetchedAt, seconds: seconds() },
    answer: loaded.validators && { addressDigest, version: report.version, ...loaded.validators },
  }
}

/** What the file holds, where upstream's word that nothing is new is enough: it is this build's, nothing was set aside. */
async function heldWhole(file: string, overlay: string | undefined): Promise<DatasetRow | undefined> {
  const overlayDigest = digestOfOverlay(await readOverlay(overlay))
  if (!existsSync(file)) return undefined
  const { name } = await readBuild()
  const held = opening(file, () => withDatabase(openForReading(file), (db) => peek(db, file)))
  const isCurrent = held?.build === name && held.overlayDigest === overlayDigest
  return isCurrent && held.setAside === 0 ? held : undefined
}

function noteStillHeld(file: string, held: DatasetRow | undefined, from: string, fetchedAt: string) {
  const source = shownSource(from)
  const overlayNotices =
    held &&
    inTransaction(file, (db) =>
      noteFetch(db, held.version, source, fetchedAt) ? readNotices(db) : undefined,
    )
  if (!overlayNotices)
    throw new AppError('database', `${file} was replaced while ${source} was asked: try again`)
  return { ...unchangedOutcome(held), setAside: [], overlayNotices, source, fetchedAt }
}
