import { statSync } from 'node:fs'
import { type Database, isDriverError, openBytes, openForReading, opening } from '../db/open.ts'
import { refuseNewer, SCHEMA_VERSION, schemaVersion } from '../db/schema-version.ts'
import { AppError } from '../errors.ts'
import type { BrowseQuery, FacetsQuery } from './browse-params.ts'
import type { FilterQuery } from './compile.ts'
import { type CatalogSummary, type Content, contentReader } from './content.ts'
import { getter } from './get.ts'
import { listText } from './list.ts'
import type { ListQuery } from './params.ts'
import { type CatalogRows, openRows } from './rows.ts'

/** An answer and the catalog it is of, read in one transaction. */
export interface CatalogAnswer {
  /** The dataset version. */
  version: string
  /** Finished JSON text. */
  body: string
  /** Of a catalog as it was: from when on it held, RFC 3339. */
  since?: string
  /** Queries that do match, the likeliest first, where the one asked for matches nothing; empty when none is known. */
  didYouMean?: string[]
}

/** A page of a longer list. */
interface BrowsedAnswer extends CatalogAnswer {
  /** How many entries match. */
  total: number
}

/** Where it comes from, and when. */
interface DatasetFacts extends CatalogSummary {
  source: string
  /** When it was last fetched or read: RFC 3339, UTC. */
  fetchedAt: string
  /** Entries of the source that did not parse. */
  setAside: number
  /** Of the file: how many migrations it has had. */
  schemaVersion: number
}

/** What answers the two routes of the contract. */
export interface CatalogReader {
  /** @throws AppError `database` */
  list(query: ListQuery): CatalogAnswer
  /** @throws AppError `not_found`, or `database` */
  get(provider: string, modelId: string): CatalogAnswer
}

/** The read side of a catalog file. */
export interface Catalog extends CatalogReader {
  /** @throws AppError `database` */
  browse(query: BrowseQuery): BrowsedAnswer
  /**
   * What `browse` finds, to be read at leisure.
   * @throws AppError `database`
   */
  rows(query: BrowseQuery): CatalogRows
  /** @throws AppError `database` */
  facets(query: FacetsQuery): CatalogAnswer
  /**
   * Runs reads of other tables, which see one state of the file, and its dataset version.
   * @throws AppError `database`, or what `reads` throws
   */
  read<T>(reads: (db: Database, version: string) => T): T
  /** @throws AppError `database` */
  summary(): CatalogSummary
  /** @throws AppError `database` */
  dataset(): DatasetFacts
  /**
   * A number that another one follows whenever answers may differ from those before.
   * @throws AppError `database`
   */
  state(): number
  close(): void
}

/**
 * Opens a catalog for reading. It follows the file: what another process commits shows in the next answer, and a file
 * put in its place is opened in its stead.
 * @throws AppError `database` when the file cannot be read, its message naming the file
 */
export function openCatalog(file: string): Catalog {
  let session = opening(file, () => openSession(file))
  let state = 0
  let dataVersion = session.dataVersion()
  const follow = <T>(work: () => T): T => {
    try {
      if (isReplaced(file, session)) {
        const next = openSession(file)
        session.close()
        session = next
        // Only versions of one connection can be compared.
        dataVersion = session.dataVersion()
        state++
      }
      return work()
    } catch (cause) {
      throw publicError(cause)
    }
  }
  const read: Read = (work) => follow(() => session.transaction(() => work(session.content(), session)))
  return {
    ...reader(read),
    browse: (query) => read((content) => ({ version: content.summary.version, ...browsed(content, query) })),
    rows: (query) => follow(() => openRows(file, () => read((content) => found(content, query)))),
    facets: (query) => read(({ summary, facets }) => ({ version: summary.version, body: facets(query) })),
    read: (reads) => read(({ summary }, { db }) => reads(db, summary.version)),
    summary: () => read(({ summary }) => summary),
    dataset: () => read(() => session.dataset()),
    state: () =>
      follow(() => {
        const current = session.dataVersion()
        if (current !== dataVersion) state++
        dataVersion = current
        return state
      }),
    close: () => session.close(),
  }
}

/**
 * Opens a whole catalog that is held in memory and stays as it is.
 * @param name what to call it where something is wrong with it
 */
export function openCatalogBytes(bytes: Uint8Array, name: string): CatalogReader & Pick<Catalog, 'close'> {
  const session = sessionOver(openBytes(bytes), name)
  return { ...reader((work) => work(session.content(), session)), close: () => session.close() }
}

/** Runs reads that see one state of the catalog. */
type Read = <T>(work: (content: Content, session: Session) => T) => T

function reader(read: Read): CatalogReader {
  return {
    list: (query) =>
      read(({ summary, lister, suggest }) => ({
        version: summary.version,
        ...suggesting(suggest, query, lister.list(query)),
      })),
    get: (provider, modelId) =>
      read(({ summary }, { get }) => ({ version: summary.version, body: get(provider, modelId) })),
  }
}

/** One connection and the statements prepared on it. */
interface Session {
  db: Database
  /** Reads what the file holds. */
  content(): Content
  get(provider: string, modelId: string): string
  dataset(): DatasetFacts
  /** Changes when another connection has committed. */
  dataVersion(): number
  /** Runs reads that see one state of the catalog. */
  transaction<T>(reads: () => T): T
  close(): void
}

function found(content: Content, query: BrowseQuery) {
  const { summary, build, browser, suggest } = content
  return { version: summary.version, build, ...suggesting(suggest, query, browser().select(query)) }
}

function browsed({ browser, lister, suggest }: Content, query: BrowseQuery): Omit<BrowsedAnswer, 'version'> {
  const { ids, total } = browser().select(query)
  return suggesting(suggest, query, { body: listText(ids.map(lister.bodyOf), total), total })
}

/** Adds what may have been meant by a query that matches nothing. */
function suggesting<Found extends { total: number }>(
  suggest: Content['suggest'],
  query: FilterQuery,
  found: Found,
): Found & { didYouMean?: string[] } {
  return found.total > 0 || query.query === undefined ? found : { ...found, didYouMean: suggest(query) }
}

interface FileSession extends Session {
  /** Which file was opened: another one under the same path has another number. */
  inode: number | undefined
}

function openSession(file: string): FileSession {
  const inode = inodeOf(file)
  return { ...sessionOver(openForReading(file), file), inode }
}

function sessionOver(db: Database, file: string): Session {
  try {
    refuseOtherSchema(db, file)
    const dataset = db.prepare<[], DatasetFacts>(
      `SELECT version, providers, models, source, fetched_at AS fetchedAt, set_aside AS setAside,
              user_version AS schemaVersion
       FROM dataset, pragma_user_version`,
    )
    const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck()
    return {
      db,
      content: contentReader(db, file),
      get: getter(db),
      dataset: () => dataset.get() ?? fail(`${file} holds no catalog yet`),
      dataVersion: () => dataVersion.get() ?? fail(`${file} does not tell its state`),
      transaction: (reads) => db.transaction(reads)(),
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
function isReplaced(file: string, { inode }: FileSession): boolean {
  const now = inodeOf(file)
  return now !== undefined && now !== inode
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino
}

/** Clients learn that the database failed; which file and why is for the log. */
function publicError(cause: unknown): unknown {
  const isDatabase = cause instanceof AppError ? cause.code === 'database' : isDriverError(cause)
  return isDatabase ? new AppError('database', 'The catalog database cannot be read', { cause }) : cause
}

function fail(message: string): never {
  throw new AppError('database', message)
}
