import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { migrate } from '../db/migrate.ts'
import {
  type Database,
  databaseError,
  openForReading,
  openForWriting,
  opening,
  withDatabase,
} from '../db/open.ts'
import { loadSource } from '../source/load.ts'
import {
  parseCatalog,
  readUpstream,
  type SetAside,
  setAsideInfinite,
  type Upstream,
} from '../source/upstream.ts'
import { type Build, readBuild } from './build.ts'
import { type Fingerprint, fingerprintOf, versionOf } from './canonical.ts'
import { type Changes, compareDigests } from './changes.ts'
import { type DatasetRow, peek, readDataset, readDigests, writeDataset } from './dataset.ts'
import { inStandingOrder, parseCuration } from './order.ts'
import { type Progress, replaceCatalog } from './write.ts'

export interface IngestOptions {
  /** The catalog file; made where it is missing. */
  db: string
  /** `seed`, a path or an http(s) URL. */
  from: string
  now?: () => Date
  onProgress?: Progress
}

/** What an ingest did, in models. */
export interface IngestReport extends Changes {
  version: string
  /** The version the file held before; null where it held none. */
  previousVersion: string | null
  source: string
  providers: number
  models: number
  setAside: SetAside[]
  /** Whether the content was in the file already. */
  unchanged: boolean
  seconds: number
}

/**
 * Loads a catalog into a file, in one transaction: readers see the old catalog or the new one.
 * @throws AppError when the source cannot be read or is no catalog, or the file cannot be written; it is unchanged then
 */
export async function ingest(options: IngestOptions): Promise<IngestReport> {
  const started = performance.now()
  const [{ bytes, source }, build] = await Promise.all([loadSource(options.from), readBuild()])
  const fetchedAt = (options.now?.() ?? new Date()).toISOString()
  const origin = { source, sourceDigest: hash('sha256', bytes), fetchedAt }
  const outcome = ingestBytes(options, bytes, origin, build)
  return { ...outcome, source, seconds: (performance.now() - started) / 1000 }
}

type Origin = Pick<DatasetRow, 'source' | 'sourceDigest' | 'fetchedAt'>
type Outcome = Omit<IngestReport, 'source' | 'seconds'>

/** Reads no further than it takes to see that the file holds the same: most refreshes find nothing changed. */
function ingestBytes(options: IngestOptions, bytes: Buffer, origin: Origin, build: Build): Outcome {
  const held = peekAt(options.db)
  const isCurrent = held?.build === build.name
  const isSameText = isCurrent && held.setAside === 0 && held.sourceDigest === origin.sourceDigest
  const catalog = isSameText ? undefined : parseCatalog(bytes)
  // The version is of what was loaded, so a catalog that has it holds nothing to set aside.
  const isSame = isSameText || (isCurrent && held.version === versionOf(catalog))
  const noted = isSame ? noteUnchanged(options.db, held, origin) : undefined
  return noted ?? load(options, catalog ?? parseCatalog(bytes), origin, build)
}

function peekAt(file: string): DatasetRow | undefined {
  if (!existsSync(file)) return undefined
  return opening(file, () => withDatabase(openForReading(file), (db) => peek(db, file)))
}

/** Only the time of the fetch is new; undefined where another ingest came in between. */
function noteUnchanged(file: string, seen: DatasetRow, origin: Origin): Outcome | undefined {
  return inTransaction(file, (db) => {
    const held = readDataset(db)
    if (held?.version !== seen.version || held.build !== seen.build) return undefined
    writeDataset(db, { ...held, ...origin, setAside: 0 })
    return { ...unchangedOutcome(held), setAside: [] }
  })
}

function load(
  { db: file, onProgress }: IngestOptions,
  catalog: Record<string, unknown>,
  origin: Origin,
  build: Build,
): Outcome {
  const { providers, setAside, version, digests } = read(catalog)
  return inTransaction(file, (db) => {
    refuseDamaged(db, file)
    migrate(db, file)
    const held = readDataset(db)
    if (held?.version === version && held.build === build.name) {
      writeDataset(db, { ...held, ...origin, setAside: setAside.length })
      return { ...unchangedOutcome(held), setAside }
    }
    const placed = inStandingOrder(providers, parseCuration(build))
    const changes = compareDigests(readDigests(db), digests)
    replaceCatalog(db, providers, placed, digests, onProgress)
    const counts = { providers: providers.length, models: placed.length }
    writeDataset(db, {
      version,
      ...origin,
      ingestedAt: origin.fetchedAt,
      ...counts,
      setAside: setAside.length,
      build: build.name,
    })
    return {
      version,
      previousVersion: held?.version ?? null,
      ...counts,
      ...changes,
      setAside,
      unchanged: held?.version === version,
    }
  })
}

/** Infinite numbers show only where every value is looked at anyway. */
function read(catalog: Record<string, unknown>): Upstream & Fingerprint {
  const upstream = readUpstream(catalog)
  try {
    return { ...upstream, ...fingerprintOf(upstream.providers) }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const finite = setAsideInfinite(upstream)
    return { ...finite, ...fingerprintOf(finite.providers) }
  }
}

function unchangedOutcome({ version, providers, models }: DatasetRow) {
  return {
    version,
    previousVersion: version,
    providers,
    models,
    added: 0,
    removed: 0,
    changed: 0,
    unchanged: true,
  }
}

function inTransaction<T>(file: string, work: (db: Database) => T): T {
  return opening(file, () =>
    withDatabase(openForWriting(file), (db) => {
      const result = db.transaction(() => work(db)).immediate()
      // Moves what was written into the file itself, as far as readers let it; the last to close does the rest.
      db.pragma('wal_checkpoint(PASSIVE)')
      return result
    }),
  )
}

/** Damage in pages that the ingest would only overwrite must not go unnoticed. */
function refuseDamaged(db: Database, file: string): void {
  const result = db.pragma('quick_check(1)', { simple: true })
  if (result !== 'ok')
    throw databaseError(file, Object.assign(new Error(String(result)), { code: 'SQLITE_CORRUPT' }))
}
