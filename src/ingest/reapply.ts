import { migrate } from '../db/migrate.ts'
import type { Overlay } from '../source/overlay.ts'
import { arrange } from './arrange.ts'
import type { Build } from './build.ts'
import { readDataset } from './dataset.ts'
import { inTransaction, type Outcome, store } from './ingest.ts'
import { digestOfOverlay } from './overlay.ts'
import { readUpstreamBack } from './overlay-tables.ts'

/**
 * Makes the catalog that a file holds once more from what upstream sent last, under another overlay or none. No source is
 * read.
 * @returns undefined where the file holds no catalog, or one under this overlay
 * @throws AppError when no model is left, or the file cannot be written; it is unchanged then
 */
export function reapplyOverlay(
  file: string,
  overlay: Overlay | undefined,
  { build, now }: { build: Build; now: Date },
): Outcome | undefined {
  const overlayDigest = digestOfOverlay(overlay)
  return inTransaction(file, (db) => {
    migrate(db, file)
    const held = readDataset(db)
    if (held === undefined || held.overlayDigest === overlayDigest) return undefined
    const arranged = arrange(readUpstreamBack(db), { build, overlay })
    return store(db, arranged, { ...held, overlayDigest, ingestedAt: now.toISOString(), build: build.name })
  })
}
