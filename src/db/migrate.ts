import { fileURLToPath } from 'node:url'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { APPLICATION_ID, copyInMemory, type Database, openForReading, opening } from './open.ts'
import { refuseNewer, SCHEMA_VERSION, schemaVersion } from './schema-version.ts'

/** `migrations/` stands two folders up from here in a checkout, and from the bundle in the package. */
const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url))

/**
 * Brings an open file to this program's schema, in the caller's transaction. `user_version` counts the migrations a
 * file has had.
 * @returns how many migrations were applied
 * @throws AppError `database` when the file's schema is newer than this program
 */
export function migrate(db: Database, file: string): number {
  const had = schemaVersion(db)
  refuseNewer(had, file)
  if (had === SCHEMA_VERSION) return 0
  const missing = readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER }).slice(had)
  for (const migration of missing) for (const statement of migration.sql) db.exec(statement)
  db.pragma(`application_id = ${APPLICATION_ID}`)
  db.pragma(`user_version = ${SCHEMA_VERSION}`)
  return missing.length
}

/**
 * Opens a catalog file for reading as this program's schema has it: an older one as a copy in memory.
 * @throws AppError `database` when it cannot be read, or its schema is newer than this program
 */
export function openMigrated(file: string): Database {
  return opening(file, () => {
    const db = openForReading(file)
    try {
      refuseNewer(schemaVersion(db), file)
      if (schemaVersion(db) === SCHEMA_VERSION) return db
      const copy = copyInMemory(db)
      migrate(copy, file)
      db.close()
      return copy
    } catch (error) {
      db.close()
      throw error
    }
  })
}
