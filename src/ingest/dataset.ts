import { inserter, type RowOf } from '../db/insert.ts'
import type { Database } from '../db/open.ts'
import { refuseNewer, SCHEMA_VERSION, schemaVersion } from '../db/schema-version.ts'

/** What a file holds. */
export type DatasetRow = Omit<RowOf<'dataset'>, 'id'>

/** The dataset row of a file of this program's schema; undefined for an older schema, or where nothing was ingested. */
export function peek(db: Database, file: string): DatasetRow | undefined {
  const had = schemaVersion(db)
  refuseNewer(had, file)
  return had === SCHEMA_VERSION ? readDataset(db) : undefined
}

/** The dataset row, or undefined where nothing was ingested yet. */
export function readDataset(db: Database): DatasetRow | undefined {
  return db
    .prepare<[], DatasetRow>(
      `SELECT version, source, fetched_at AS fetchedAt, ingested_at AS ingestedAt, providers, models,
              set_aside AS setAside, build, source_digest AS sourceDigest, overlay_digest AS overlayDigest
       FROM dataset`,
    )
    .get()
}

/** Writes the one row that says what the file holds, in the caller's transaction. */
export function writeDataset(db: Database, row: DatasetRow): void {
  db.exec('DELETE FROM dataset')
  const dataset = inserter(db, 'dataset')
  dataset([{ id: 1, ...row }])
}

/**
 * Writes down that upstream holds this version still.
 * @returns whether the file does
 */
export function noteFetch(db: Database, version: string, source: string, fetchedAt: string): boolean {
  const update = db.prepare('UPDATE dataset SET source = ?, fetched_at = ? WHERE version = ?')
  return update.run(source, fetchedAt, version).changes === 1
}

/** Each model's digest by its id. */
export function readDigests(db: Database): Map<string, string> {
  return new Map(db.prepare<[], [string, string]>('SELECT id, digest FROM model').raw().all())
}
