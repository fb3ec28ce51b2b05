import { existsSync } from 'node:fs'
import { migrate } from '../db/migrate.ts'
import { openForReading, openForWriting, opening, withDatabase } from '../db/open.ts'
import { readBuild } from './build.ts'
import { peek, readDataset } from './dataset.ts'

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
