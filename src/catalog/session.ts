import { statSync } from 'node:fs'
import { type Database, openForReading } from '../db/open.ts'
import { refuseNewer, SCHEMA_VERSION, schemaVersion } from '../db/schema-version.ts'
import { AppError } from '../errors.ts'
import { type CatalogSummary, type Content, contentReader } from './content.ts'
import { getter } from './get.ts'

/** Where it comes from, and when. */
export interface DatasetFacts extends CatalogSummary {
  source: string
  /** When it was last fetched or read: RFC 3339, UTC. */
  fetchedAt: string
  /** Entries of the source that did not parse. */
  setAside: number
  /** Of the file: how many migrations it has had. */
  schemaVersion: number
}

/** One connection and the statements prepared on it. */
export interface Session {
  db: Database
  /** Reads what the file holds. */
  content(): Content
  get(provider: string, modelId: string): string
  dataset(): DatasetFacts
  /** Changes when another connection has committed. */
  dataVersion(): number
  /** What is read from here on is of one state of the file. */
  beginReading(): void
  isReading(): boolean
  endReading(): void
  close(): void
}

export interface FileSession extends Session {
  /** Which file was opened: another one under the same path has another number. */
  inode: number | undefined
  /** Which file SQLite keeps beside it for as long as it is open; undefined: none, for it is not in WAL mode. */
  sharedInode: number | undefined
}

/** @param before the session on the file that stood there before */
export function openSession(file: string, before?: FileSession): FileSession {
  const inode = inodeOf(file)
  refuseLeftovers(file, before)
  const session = sessionOver(openForReading(file), file)
  return { ...session, inode, sharedInode: inodeOf(sharedFile(file)) }
}

/** SQLite would take the WAL of the file before for that of the one in its place, and read pages of either. */
function refuseLeftovers(file: string, before: FileSession | undefined): void {
  if (before?.sharedInode === undefined || inodeOf(sharedFile(file)) !== before.sharedInode) return
  fail(`${file} was replaced, but ${file}-wal and ${file}-shm are of the one before: remove both`)
}

function sharedFile(file: string): string {
  return `${file}-shm`
}

export function sessionOver(db: Database, file: string): Session {
  try {
    refuseOtherSchema(db, file)
    const dataset = db.prepare<[], DatasetFacts>(
      `SELECT version, providers, models, source, fetched_at AS fetchedAt, set_aside AS setAside,
              user_version AS schemaVersion
       FROM dataset, pragma_user_version`,
    )
    const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck()
    // Nothing is written, and unlike a commit a rollback works on a file that has become unreadable.
    const [begin, end] = [db.prepare('BEGIN'), db.prepare('ROLLBACK')]
    // Asked for by each request, and the driver takes its time to tell.
    let isReading = false
    return {
      db,
      content: contentReader(db, file),
      get: getter(db),
      dataset: () => dataset.get() ?? fail(`${file} holds no catalog yet`),
      dataVersion: () => dataVersion.get() ?? fail(`${file} does not tell its state`),
      beginReading: () => {
        begin.run()
        isReading = true
      },
      isReading: () => isReading,
      endReading: () => {
        // A failure may have ended it already.
        if (isReading && db.open && db.inTransaction) end.run()
        isReading = false
      },
      close: () => db.close(),
    }
  } catch (cause) {
    db.close()
    throw cause
  }
}

function refuseOtherSchema(db: Database, file: string): void {
  const had = schemaVersion(db)
  refuseNewer(had, file)
  if (had < SCHEMA_VERSION) fail(`${file} has an older schema: start modeldex on it again to migrate it`)
}

/** A file that was removed is served on from its open connection. */
export function isReplaced(file: string, { inode }: FileSession): boolean {
  const now = inodeOf(file)
  return now !== undefined && now !== inode
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino
}

function fail(message: string): never {
  throw new AppError('database', message)
}
