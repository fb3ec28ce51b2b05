import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { migrate, refuseNewer, SCHEMA_VERSION, schemaVersion } from '../db/migrate.ts'
import { type Database, openForReading, openForWriting, opening, withDatabase } from '../db/open.ts'
import { readSeed } from '../source/load.ts'
import type { DatasetRow } from './write.ts'

/** Changes when the same content gives other serving rows. */
const SERVING_LAYOUT = 1

/** The curated lists' texts, and what a file's serving rows are made with besides the content. */
export interface Build {
  parties: string
  featured: string
  /** Differs when the layout or a curated list does. */
  name: string
}

export async function readBuild(): Promise<Build> {
  const [parties, featured] = await Promise.all([readSeed('parties.json'), readSeed('featured.json')])
  return {
    parties,
    featured,
    name: `${SERVING_LAYOUT}-${hash('sha256', `${parties}\0${featured}`).slice(0, 16)}`,
  }
}

/**
 * Makes a catalog file ready to be served: creates it where it is missing, migrates an older schema, and builds the
 * serving tables again where another build made them, all in one transaction. A file that is ready is only read.
 * @returns whether it holds no catalog yet
 * @throws AppError `database` when the file is damaged, foreign, locked or of a newer schema
 */
export async function prepareCatalogFile(file: string): Promise<{ empty: boolean }> {
  const build = await readBuild()
  const held = existsSync(file)
    ? opening(file, () => withDatabase(openForReading(file), (db) => peek(db, file)))
    : undefined
  if (held?.build === build.name) return { empty: false }
  // What writes is loaded only when something is to be written: most starts find the file ready.
  const { rebuild } = await import('./rebuild.ts')
  return opening(file, () =>
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
}

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
              set_aside AS setAside, build, source_digest AS sourceDigest
       FROM dataset`,
    )
    .get()
}
