import { z } from 'zod'
import { readProgramFile } from '../program/files.ts'
import { APPLICATION_ID, copyInMemory, type Database, openForReading, opening } from './open.ts'
import { refuseNewer, SCHEMA_VERSION, schemaVersion } from './schema-version.ts'

const journalSchema = z.object({ entries: z.array(z.object({ tag: z.string() })) })
/** What drizzle-kit writes between two statements. */
const BREAKPOINT = '--> statement-breakpoint'

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
  const missing = readMigrations().slice(had)
  for (const statements of missing) for (const statement of statements) db.exec(statement)
  db.pragma(`application_id = ${APPLICATION_ID}`)
  db.pragma(`user_version = ${SCHEMA_VERSION}`)
  return missing.length
}

/** The statements of each migration, in their order. */
function readMigrations(): string[][] {
  const read = (name: string) => readProgramFile(`migrations/${name}`).toString()
  const { entries } = journalSchema.parse(JSON.parse(read('meta/_journal.json')))
  return entries.map(({ tag }) => read(`${tag}.sql`).split(BREAKPOINT))
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
