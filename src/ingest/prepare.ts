import { existsSync } from 'node:fs'
import { migrate } from '../db/migrate.ts'
import {
  isInRollbackMode,
  isSnapshot,
  openForReading,
  openForWriting,
  opening,
  withDatabase,
} from '../db/open.ts'
import { AppError } from '../errors.ts'
import { type Build, readBuild } from './build.ts'
import { type DatasetRow, peek, readDataset } from './dataset.ts'
import type { Outcome } from './ingest.ts'

interface PrepareOptions {
  /** The overlay's file; without one the catalog is upstream's alone. */
  overlay?: string | undefined
  /** Whether the catalog stays under the overlay that it came with. */
  keepsOverlay?: boolean
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
 * @throws AppError `database` when the file is damaged, foreign, locked, of a newer schema, or a snapshot that is not
 * ready, `bad_gateway` when the overlay is none or leaves no model
 */
export async function prepareCatalogFile(file: string, options: PrepareOptions = {}): Promise<Prepared> {
  const [build, { overlay, digest }] = await Promise.all([readBuild(), overlayOf(options)])
  const held = existsSync(file)
    ? opening(file, () => withDatabase(openForReading(file), (db) => peek(db, file)))
    : undefined
  // What was made to be handed around keeps the overlay that it was made with.
  const keepsOverlay = overlay === undefined && (options.keepsOverlay || isInRollbackMode(file))
  const isOverlaid = keepsOverlay || held?.overlayDigest === digest
  if (held?.build === build.name && isOverlaid) return { empty: false }
  if (isSnapshot(file)) throw unready(file, held, build)
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

/**
 * Told before anything is fetched or written; clients see the message, so it names no path.
 * @throws AppError `conflict` for a snapshot
 */
export function refuseSnapshot(db: string): void {
  if (!isSnapshot(db)) return
  const advice = 'a copy of it, without the manifest beside it, can be refreshed'
  throw new AppError('conflict', `The catalog is a snapshot and stays as it is: ${advice}`)
}

/** A snapshot stays as it is. */
function unready(file: string, held: DatasetRow | undefined, build: Build): AppError {
  if (held?.build === build.name) {
    const advice = 'leave out --overlay, or serve a copy of it, without the manifest'
    return new AppError('database', `${file} is a snapshot made under another overlay: ${advice}`)
  }
  const command = `modeldex snapshot export --db ${JSON.stringify(file)} FILE`
  return new AppError(
    'database',
    `${file} is a snapshot made by another version of modeldex: make this version's of it with: ${command}`,
  )
}
