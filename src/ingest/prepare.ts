import { existsSync } from 'node:fs'
import { migrate } from '../db/migrate.ts'
import { type Database, openForReading, openForWriting, opening, withDatabase } from '../db/open.ts'
import { readBuild } from './build.ts'
import { peek, readDataset } from './dataset.ts'
import type { Outcome } from './ingest.ts'

interface PrepareOptions {
  /** The overlay's file; without one the catalog is upstream's alone. */
  overlay?: string | undefined
  now?: () => Date
}

interface Prepared {
  /** Whether the file holds no catalog yet. */
  empty: boolean
  /** What changed with the overlay; undefined where it is the one that the catalog was made with. */
  overlaid?: Outcome | undefined
}

/**
 * Makes a catalog file ready to be served: creates it where it is missing, migrates an older schema, and builds the
 * serving tables again where another build made them, all in one transaction. Then it brings the catalog under the
 * overlay, in another one. A file that is ready is only read.
 * @throws AppError `database` when the file is damaged, foreign, locked or of a newer schema, `bad_gateway` when the
 * overlay is none or leaves no model
 */
export async function prepareCatalogFile(file: string, options: PrepareOptions = {}): Promise<Prepared> {
  const [build, { overlay, digest }] = await Promise.all([readBuild(), overlayOf(options)])
  const found = existsSync(file)
    ? opening(file, () => withDatabase(openForReading(file), (db) => lookInto(db, file)))
    : undefined
  // A copy that is made to be handed around keeps the overlay that it was made with.
  const keepsOverlay = overlay === undefined && found?.isCopy === true
  const isOverlaid = keepsOverlay || found?.held?.overlayDigest === digest
  if (found?.held?.build === build.name && isOverlaid) return { empty: false }
  // What writes is loaded only when something is to be written: most starts find the file ready.
  const [{ rebuild }, { reapplyOverlay }] = await Promise.all([
    import('./rebuild.ts'),
    import('./reapply.ts'),
  ])
  const { empty } = opening(file, () =>
    withDatabase(openForWriting(file), (db) =>
      db
        .transaction(() => {
          migrate(db, file)
          const stale = readDataset(db)
          if (stale !== undefined && stale.build !== build.name) rebuild(db, stale, build)
          return { empty: stale === undefined }
        })
        .immediate(),
    ),
  )
  if (empty || keepsOverlay) return { empty }
  return { empty, overlaid: reapplyOverlay(file, overlay, { build, now: options.now?.() ?? new Date() }) }
}

async function overlayOf({ overlay: file }: PrepareOptions) {
  if (file === undefined) return { overlay: undefined, digest: null }
  const [{ readOverlay }, { digestOfOverlay }] = await Promise.all([
    import('../source/overlay-file.ts'),
    import('./overlay.ts'),
  ])
  const overlay = await readOverlay(file)
  return { overlay, digest: digestOfOverlay(overlay) }
}

/** `VACUUM INTO` makes a file with a rollback journal; one that was ever written to has a write-ahead log. */
function lookInto(db: Database, file: string) {
  return { held: peek(db, file), isCopy: db.pragma('journal_mode', { simple: true }) !== 'wal' }
}
