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
import { type LoadedSource, loadSource } from '../source/load.ts'
import { parseUpstream, type SetAside, setAsideInfinite, type Upstream } from '../source/upstream.ts'
import { type Build, readBuild } from './build.ts'
import { type Fingerprint, fingerprintOf } from './canonical.ts'
import { type Changes, compareDigests } from './changes.ts'
import { type DatasetRow, peek, readDataset, readDigests, writeDataset } from './dataset.ts'
import { type Guards, refuseInvalid, refuseShrunk } from './guards.ts'
import { inStandingOrder, parseCuration } from './order.ts'
import { type Progress, replaceCatalog } from './write.ts'

export interface IngestOptions {
  /** The catalog file; made where it is missing. */
  db: string
  /** `seed`, a path or an http(s) URL. */
  from: string
  /** What was loaded from there, where it was already. */
  loaded?: LoadedSource
  /** What is refused of a source that can be read; without them nothing. */
  guards?: Guards
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
  const [loaded, build] = await Promise.all([options.loaded ?? loadSource(options.from), readBuild()])
  const fetchedAt = (options.now?.() ?? new Date()).toISOString()
  const origin = { source: loaded.source, sourceDigest: hash('sha256', loaded.text), fetchedAt }
  const outcome = noteSameText(options.db, origin, build) ?? load(options, loaded, origin, build)
  return { ...outcome, source: loaded.source, seconds: (performance.now() - started) / 1000 }
}

type Origin = Pick<DatasetRow, 'source' | 'sourceDigest' | 'fetchedAt'>
type Outcome = Omit<IngestReport, 'source' | 'seconds'>

/** The quick way for a text that the file was made from: only the time of the fetch is new. */
function noteSameText(file: string, origin: Origin, build: Build): Outcome | undefined {
  if (!existsSync(file)) return undefined
  const held = opening(file, () => withDatabase(openForReading(file), (db) => peek(db, file)))
  const isSame =
    held?.sourceDigest === origin.sourceDigest && held.build === build.name && held.setAside === 0
  if (!isSame) return undefined
  inTransaction(file, (db) => writeDataset(db, { ...held, ...origin }))
  return { ...unchangedOutcome(held), setAside: [] }
}

function load(
  { db: file, guards, onProgress }: IngestOptions,
  { text }: LoadedSource,
  origin: Origin,
  build: Build,
): Outcome {
  const { providers, setAside, version, digests } = read(text)
  if (guards) refuseInvalid(setAside, digests.size, guards)
  return inTransaction(file, (db) => {
    migrate(db, file)
    const held = readDataset(db)
    if (held?.version === version && held.build === build.name) {
      writeDataset(db, { ...held, ...origin, setAside: setAside.length })
      return { ...unchangedOutcome(held), setAside }
    }
    const placed = inStandingOrder(providers, parseCuration(build))
    const changes = compareDigests(readDigests(db), digests)
    if (guards && held) refuseShrunk(changes.removed, held.models, digests.size, guards)
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
function read(text: string): Upstream & Fingerprint {
  const upstream = parseUpstream(text)
  try {
    return { ...upstream, ...fingerprintOf(upstream.providers) }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const finite = setAsideInfinite(upstream)
    return { ...finite, ...fingerprintOf(finite.providers) }
  }
}

export function unchangedOutcome({ version, providers, models }: DatasetRow) {
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

/** Runs work that writes to a sound catalog file, all of it or nothing. */
export function inTransaction<T>(file: string, work: (db: Database) => T): T {
  return opening(file, () =>
    withDatabase(openForWriting(file), (db) => {
      refuseDamaged(db, file)
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
