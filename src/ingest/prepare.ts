import { accessSync, constants, existsSync } from 'node:fs'
import { migrate } from '../db/migrate.ts'
import { openForReading, openForWriting, opening, withDatabase } from '../db/open.ts'
import { readBuild } from './build.ts'
import { type DatasetRow, peek, readDataset } from './dataset.ts'
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
  const isOverlaid = (held: DatasetRow) => held.overlayDigest === digest
  const held = existsSync(file)
    ? opening(file, () => withDatabase(openForReading(file), (db) => peek(db, file)))
    : undefined
  if (held?.build === build.name && isOverlaid(held)) return { empty: false }
  // A copy that is handed around keeps what it was made with.
  if (held?.build === build.name && overlay === undefined && !isWritable(file)) return { empty: false }
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
  const now = options.now?.() ?? new Date()
  return { empty, overlaid: empty ? undefined : reapplyOverlay(file, overlay, { build, now }) }
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

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK)
    return true
  } catch {
    return false
  }
}
