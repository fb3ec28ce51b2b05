import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { AppError } from '../errors.ts'
import { makeFolder } from '../program/folder.ts'
import { embeddedAddon } from './addon.ts'

export type Database = Sqlite.Database
export type Statement = Sqlite.Statement<unknown[], unknown>

/** Marks a file as ours in its header ("mdex"), so that no other program's file is ever taken for a catalog. */
export const APPLICATION_ID = 0x6d646578

/** How long a writer waits for another writer, in ms. */
const WRITER_BUSY_TIMEOUT_MS = 10_000
/** Pages a writer keeps in memory, and rows that it sorts at a time, in KiB each: the real catalog fits. */
const WRITER_CACHE_KIB = 16 * 1024
/** How long a reader waits: short, since it holds up all other requests of its process meanwhile. In ms. */
const READER_BUSY_TIMEOUT_MS = 250

function connect(file: string | Buffer, options: Sqlite.Options): Database {
  // The driver takes a native part that is loaded already; its types know only of a path.
  const nativeBinding = embeddedAddon() as unknown as string | undefined
  return new Sqlite(file, { ...options, nativeBinding })
}

/**
 * Opens a catalog file for writing, and makes it and its folder where they are missing. It may hold an older schema or
 * none: see `migrate.ts`.
 * @throws AppError `database` when the file is damaged, foreign or cannot be opened; nothing in it is changed then
 */
export function openForWriting(file: string): Database {
  return opening(file, () => {
    makeFolder(dirname(file))
    refuseForeign(file)
    refuseSnapshot(file)
    const isNew = sizeOf(file) === 0
    const db = connect(file, { timeout: WRITER_BUSY_TIMEOUT_MS })
    // The first of all: WAL mode writes a page at once, and should nothing follow, the file is known as ours.
    if (isNew) db.pragma(`application_id = ${APPLICATION_ID}`)
    // Readers go on with the catalog they began with while a new one is written.
    db.pragma('journal_mode = WAL')
    // A commit survives the process at once, a power cut from the next checkpoint on; the file is sound either way.
    db.pragma('synchronous = NORMAL')
    // A whole catalog is written in one transaction; pages that do not fit are written to the WAL more than once.
    db.pragma(`cache_size = -${WRITER_CACHE_KIB}`)
    return db
  })
}

/**
 * Opens a catalog file for reading: read-only for the driver, where `query_only` would forbid temporary tables too.
 * @throws AppError `database` when the file is missing, damaged, foreign or cannot be opened
 */
export function openForReading(file: string): Database {
  return opening(file, () => {
    refuseMissing(file)
    refuseForeign(file)
    return connect(file, { readonly: true, fileMustExist: true, timeout: READER_BUSY_TIMEOUT_MS })
  })
}

/** Opens a whole database that is held in memory, read-only; the bytes are copied. */
export function openBytes(bytes: Uint8Array): Database {
  return connect(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { readonly: true })
}

/**
 * Opens a small file of ours that is no catalog. It stays in rollback mode, where others read while one holds the lock
 * for writing, and that lock ends with its process.
 * @throws AppError `database` when it cannot be opened
 */
export function openBeside(file: string, mode: 'read' | 'write'): Database {
  return opening(file, () => {
    if (mode === 'write') makeFolder(dirname(file))
    const readonly = mode === 'read'
    return connect(file, { readonly, fileMustExist: readonly, timeout: READER_BUSY_TIMEOUT_MS })
  })
}

/** A database for what does not fit into memory and nobody else sees: it is in a temporary file and goes with it. */
export function openScratch(): Database {
  const db = connect('', {})
  db.pragma('journal_mode = OFF')
  // Much is sorted in it: another thread does that meanwhile.
  db.pragma('threads = 1')
  return db
}

/** A copy in memory, which may be changed. */
export function copyInMemory(db: Database): Database {
  const bytes = db.serialize()
  // Memory has no room for a WAL beside it.
  bytes.fill(ROLLBACK_MODE, WRITE_VERSION_OFFSET, READ_VERSION_OFFSET + 1)
  return connect(bytes, {})
}

/** Writes a compact copy of a database to a file that is not there yet, in rollback mode. */
export function writeCompact(db: Database, file: string): void {
  opening(file, () => db.prepare('VACUUM INTO ?').run(file))
}

/** The name of what says what a snapshot is; it stands beside it. */
export function manifestPath(file: string): string {
  return `${file}.json`
}

/** Whether a file is a snapshot with its manifest beside it, which nothing is ever written to. */
export function isSnapshot(file: string): boolean {
  return existsSync(manifestPath(file)) && isInRollbackMode(file)
}

/** A catalog that is written to is in WAL mode from its first page on. */
export function isInRollbackMode(file: string): boolean {
  return sizeOf(file) > 0 && readHeader(file)[READ_VERSION_OFFSET] === ROLLBACK_MODE
}

/** Moves all that was written into the file itself, so that what stands beside it can go. */
export function emptyWal(file: string): void {
  if (sizeOf(file) === 0 || isInRollbackMode(file)) return
  withDatabase(openForWriting(file), (db) => {
    const [{ busy } = { busy: 1 }] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
    if (busy !== 0) throw new AppError('database', `${file} is in use by another process: try again`)
  })
}

/** Closes the database after the work, whatever comes of it. */
export function withDatabase<T>(db: Database, work: (db: Database) => T): T {
  try {
    return work(db)
  } finally {
    db.close()
  }
}

/** Runs what works on `file` and turns the driver's errors into one that says which file and what to do. */
export function opening<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw databaseError(file, cause)
  }
}

export function databaseError(file: string, cause: unknown): unknown {
  if (cause instanceof AppError || !isSystemError(cause)) return cause
  if (isDamage(cause)) return damaged(file, cause.message, cause)
  if (isBusy(cause)) {
    return new AppError('database', `${file} is locked by another process: try again when it is done`, {
      cause,
    })
  }
  return new AppError('database', `cannot use ${file}: ${cause.message} (${cause.code})`, { cause })
}

/** A damaged file is never overwritten: whoever owns it decides. */
function damaged(file: string, why: string, cause?: unknown): AppError {
  const rebuild = `move it away, then rebuild it with: modeldex ingest --db ${JSON.stringify(file)}`
  return new AppError(
    'database',
    `${file} is damaged or no catalog (${why}); it was left as it is: ${rebuild}`,
    { cause },
  )
}

/** Whether another connection's lock is in the way. */
export function isBusy(error: unknown): boolean {
  return isSystemError(error) && /^SQLITE_(BUSY|LOCKED)/.test(error.code)
}

/** Whether what the file holds is no sound database. */
export function isDamage(error: unknown): boolean {
  return isSystemError(error) && /^SQLITE_(NOTADB|CORRUPT|FORMAT)/.test(error.code)
}

/** Whether SQLite itself failed, as opposed to a fault of ours. */
export function isDriverError(error: unknown): error is Error & { code: string } {
  return error instanceof Sqlite.SqliteError
}

function isSystemError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}

const SQLITE_MAGIC = 'SQLite format 3\0'
const HEADER_BYTES = 100
const PAGE_SIZE_OFFSET = 16
const WRITE_VERSION_OFFSET = 18
const READ_VERSION_OFFSET = 19
const ROLLBACK_MODE = 1
const PAGE_COUNT_OFFSET = 28
const APPLICATION_ID_OFFSET = 68

/**
 * Reads the header before SQLite does: opening another program's database would already leave files beside it, and a
 * truncated one would fail only when a lost page is read. An empty or missing file is a catalog to be.
 */
function refuseForeign(file: string): void {
  const size = sizeOf(file)
  if (size === 0) return
  const header = readHeader(file)
  if (header.toString('latin1', 0, SQLITE_MAGIC.length) !== SQLITE_MAGIC)
    throw damaged(file, 'it is no SQLite file')
  // While a WAL stands beside it the file itself may be behind: shorter, or not yet marked.
  if (sizeOf(`${file}-wal`) > 0) return
  const pageSize = header.readUInt16BE(PAGE_SIZE_OFFSET)
  const bytes = (pageSize === 1 ? 65_536 : pageSize) * header.readUInt32BE(PAGE_COUNT_OFFSET)
  if (size < bytes) throw damaged(file, `it is cut short: ${size} of ${bytes} bytes`)
  if (header.readUInt32BE(APPLICATION_ID_OFFSET) !== APPLICATION_ID) {
    throw damaged(file, 'it is a SQLite file of another program')
  }
}

function refuseMissing(file: string): void {
  if (existsSync(file)) return
  throw new AppError(
    'database',
    `there is no catalog file ${file}: make one with: modeldex ingest --db ${JSON.stringify(file)}`,
  )
}

function refuseSnapshot(file: string): void {
  if (!isSnapshot(file)) return
  const advice = 'a copy of it, without the manifest, can be written to'
  throw new AppError(
    'database',
    `${file} is a snapshot, its manifest beside it, and stays as it is: ${advice}`,
  )
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function readHeader(file: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  const fd = openSync(file, 'r')
  try {
    readSync(fd, header, 0, HEADER_BYTES, 0)
  } finally {
    closeSync(fd)
  }
  return header
}
