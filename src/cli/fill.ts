import { existsSync } from 'node:fs'
import type { Logger } from 'pino'
import type { Config, Secrets } from '../config.ts'
import { prepareCatalogFile } from '../ingest/prepare.ts'
import { isBinary } from '../program/files.ts'
import { SEED } from '../source/load.ts'
import { fetchLimits } from './fetch-limits.ts'
import { warnOfOverlay } from './refresher.ts'

/** How long a first start waits for another process that fills the same file, in ms. */
const FILL_WAIT_MS = 120_000

/**
 * Makes the catalog file ready to be served, and fills it where it is empty.
 * @returns whether it was empty, and is no more
 */
export async function fillIfEmpty(
  config: Config,
  { followToken }: Secrets,
  log: Logger,
  now: () => Date,
): Promise<{ isFilled: boolean }> {
  const { db, source, overlay, follow, allowShrink, allowInvalid } = config
  if (isBinary && source === SEED && overlay === undefined && follow === undefined && !existsSync(db)) {
    const { placeReadyCatalog } = await import('./ready-catalog.ts')
    const placed = await placeReadyCatalog(db, { now, waitMs: FILL_WAIT_MS })
    if (placed !== undefined) log.info(placed, 'catalog loaded')
  }
  const keepsOverlay = follow !== undefined
  const { empty, overlaid } = await prepareCatalogFile(db, { overlay, keepsOverlay, now })
  if (overlaid !== undefined) {
    const { setAside: _, overlayNotices, ...report } = overlaid
    log.info({ ...report, overlay }, 'overlay applied')
    warnOfOverlay(overlayNotices, log)
  }
  if (!empty) return { isFilled: false }
  const options = { db, limits: fetchLimits(config), waitMs: FILL_WAIT_MS, now }
  const fill = async () => {
    // Loaded only when it is needed: most starts find the catalog there.
    if (follow !== undefined) {
      const { pull } = await import('../snapshot/pull.ts')
      return pull({ ...options, from: follow, token: followToken })
    }
    const { refresh } = await import('../ingest/refresh.ts')
    return refresh({ ...options, from: source, overlay, allowShrink, allowInvalid })
  }
  const { setAside, overlayNotices, ...report } = await fill()
  log.info({ ...report, setAside: setAside.length }, 'catalog loaded')
  if (setAside.length > 0) log.warn({ setAside }, 'entries set aside')
  warnOfOverlay(overlayNotices, log)
  return { isFilled: true }
}
