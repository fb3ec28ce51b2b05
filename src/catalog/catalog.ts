import { type Database, isDriverError, openBytes, opening } from '../db/open.ts'
import { AppError } from '../errors.ts'
import type { ListCoding } from './bodies.ts'
import type { BrowseQuery, FacetsQuery } from './browse-params.ts'
import type { FilterQuery } from './compile.ts'
import type { CatalogSummary, Content } from './content.ts'
import type { ListQuery } from './params.ts'
import type { Ranking } from './ranking.ts'
import type { RankingQuery } from './ranking-params.ts'
import { type CatalogRows, openRows } from './rows.ts'
import { type DatasetFacts, isReplaced, openSession, type Session, sessionOver } from './session.ts'

/** Longest that one look at the file holds, in ms: a slow answer must not make those behind it old. */
const MAX_LOOK_MS = 2

/** An answer and the catalog it is of, read in one transaction. */
export interface CatalogAnswer {
  /** The dataset version. */
  version: string
  /** Finished JSON text, or the bytes of it in UTF-8. */
  body: string | Buffer
  /** What the body is encoded in already. */
  coding?: ListCoding | undefined
  /** A hash of the body before it is encoded, in base64url, where one is known. */
  digest?: string
  /** Of a catalog as it was: from when on it held, RFC 3339. */
  since?: string
  /** Queries that do match, the likeliest first, where the one asked for matches nothing; empty when none is known. */
  didYouMean?: string[]
}

interface EntryAnswer extends CatalogAnswer {
  body: string
}

interface ListAnswer extends CatalogAnswer {
  body: Buffer
  digest: string
}

/** A page of a longer list. */
interface BrowsedAnswer extends ListAnswer {
  /** How many entries match. */
  total: number
}

/** What answers the two routes of the contract. */
export interface CatalogReader {
  /** @throws AppError `database` */
  list(query: ListQuery, coding?: ListCoding): ListAnswer
  /** @throws AppError `not_found`, or `database` */
  get(provider: string, modelId: string): EntryAnswer
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
   * What requests to the models that match cost.
   * @throws AppError `database`, or `invalid` where too many match
   */
  rank(query: RankingQuery): Ranking & { version: string }
  /**
   * Runs reads of other tables, which see one state of the file, and its dataset version.
   * @throws AppError `database`, or what `reads` throws
   */
  read<T>(reads: (db: Database, version: string) => T): T
  /**
   * One object as long as the content is the same.
   * @throws AppError `database`
   */
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
  let dataVersion = session.dataVersion()
  let state = 0
  /** Of this state; undefined: not asked for yet. */
  let content: Content | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  const become = (next: number) => {
    if (next === dataVersion) return
    dataVersion = next
    content = undefined
    state++
  }
  const followFile = () => {
    if (!isReplaced(file, session)) return
    const next = openSession(file, session)
    session.close()
    session = next
    // Versions of two connections cannot be compared.
    dataVersion = Number.NaN
  }
  /** One look at the file and one read transaction serve all that is asked for in a turn of the event loop. */
  const look = () => {
    if (session.isReading() && performance.now() - lookedAt < MAX_LOOK_MS) return
    session.endReading()
    followFile()
    session.beginReading()
    become(session.dataVersion())
    lookedAt = performance.now()
    setImmediate(() => session.endReading())
  }
  const attempt = <T>(work: () => T): T => {
    try {
      return work()
    } catch (cause) {
      if (isDriverError(cause)) session.endReading()
      throw publicError(cause)
    }
  }
  const read: Read = (work) =>
    attempt(() => {
      look()
      content ??= session.content()
      return work(content, session)
    })
  /** Without a transaction, for nothing is read after it: what is answered from a cache pays for no more than this. */
  const currentState = () => {
    if (session.isReading()) {
      look()
    } else {
      followFile()
      become(session.dataVersion())
    }
    return state
  }
  return {
    ...reader(read),
    browse: (query) => read((content) => ({ version: content.summary.version, ...browsed(content, query) })),
    rows: (query) => {
      try {
        return openRows(file, () => read((content) => found(content, query)))
      } catch (cause) {
        throw publicError(cause)
      }
    },
    facets: (query) => read(({ summary, facets }) => ({ version: summary.version, body: facets(query) })),
    rank: (query) => read(({ summary, rank }) => ({ version: summary.version, ...rank(query) })),
    read: (reads) => read(({ summary }, { db }) => reads(db, summary.version)),
    summary: () => read(({ summary }) => summary),
    dataset: () => read(() => session.dataset()),
    state: () => attempt(currentState),
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
    list: (query, coding) =>
      read(({ summary, lister, suggest }) => ({
        version: summary.version,
        ...suggesting(suggest, query, lister.list(query, coding)),
      })),
    get: (provider, modelId) =>
      read(({ summary }, { get }) => ({ version: summary.version, body: get(provider, modelId) })),
  }
}

function found(content: Content, query: BrowseQuery) {
  const { summary, build, browser, suggest } = content
  return { version: summary.version, build, ...suggesting(suggest, query, browser().select(query)) }
}

function browsed({ browser, lister, suggest }: Content, query: BrowseQuery): Omit<BrowsedAnswer, 'version'> {
  const { ids, total } = browser().select(query)
  return suggesting(suggest, query, { ...lister.bodies.list(ids, total), total })
}

/** Adds what may have been meant by a query that matches nothing. */
function suggesting<Found extends { total: number }>(
  suggest: Content['suggest'],
  query: FilterQuery,
  found: Found,
): Found & { didYouMean?: string[] } {
  return found.total > 0 || query.query === undefined ? found : { ...found, didYouMean: suggest(query) }
}

/** Clients learn that the database failed; which file and why is for the log. */
function publicError(cause: unknown): unknown {
  const isDatabase = cause instanceof AppError ? cause.code === 'database' : isDriverError(cause)
  return isDatabase ? new AppError('database', 'The catalog database cannot be read', { cause }) : cause
}
