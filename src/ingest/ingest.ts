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
import type { Content } from '../source/content.ts'
import { digestOf } from '../source/digest.ts'
import { type LoadedSource, loadSource, readSeed, SEED } from '../source/load.ts'
import {
  type Catalog,
  parseCatalog,
  readUpstream,
  type SetAside,
  setAsideInfinite,
  type Upstream,
  type UpstreamProvider,
} from '../source/upstream.ts'
import { type Build, readBuild } from './build.ts'
import { type Fingerprint, fingerprintOf, versionOf } from './canonical.ts'
import { type Changes, changesFrom, countChanges } from './changes.ts'
import { type DatasetRow, peek, readDataset, writeDataset } from './dataset.ts'
import { type Guards, refuseInvalid, refuseShrunk } from './guards.ts'
import { inStandingOrder, type Placed, parseCuration } from './order.ts'
import { recordSeedHistory } from './seed-history.ts'
import { stateRecorder } from './states.ts'
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
  /** Longest source that is parsed at once, in bytes; a longer one is read piece by piece, more than once. */
  wholeBytes?: number
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
  const build = await readBuild()
  const { content, source } = options.loaded ?? (await loadSource(options.from))
  try {
    const fetchedAt = (options.now?.() ?? new Date()).toISOString()
    const origin = { source, sourceDigest: digestOf(content), fetchedAt }
    const outcome = ingestContent(options, content, origin, { ...build, history: await readHistory(options) })
    return { ...outcome, source, seconds: (performance.now() - started) / 1000 }
  } finally {
    content.close()
  }
}

/** What led to the catalog that comes with the program, where that is to fill an empty file. */
async function readHistory({ from, db }: IngestOptions): Promise<string | undefined> {
  return from === SEED && peekAt(db) === undefined ? readSeed('history.json') : undefined
}

type SeededBuild = Build & { history: string | undefined }
type Origin = Pick<DatasetRow, 'source' | 'sourceDigest' | 'fetchedAt'>
type Outcome = Omit<IngestReport, 'source' | 'seconds'>

/** Reads no further than it takes to see that the file holds the same: most refreshes find nothing changed. */
function ingestContent(
  options: IngestOptions,
  content: Content,
  origin: Origin,
  build: SeededBuild,
): Outcome {
  const held = peekAt(options.db)
  const isCurrent = held?.build === build.name
  const isSameText = isCurrent && held.setAside === 0 && held.sourceDigest === origin.sourceDigest
  const catalog = isSameText ? undefined : parseCatalog(content, options.wholeBytes)
  // The version is of what was loaded, so a catalog that has it holds nothing to set aside.
  const isSame =
    isSameText || (isCurrent && catalog?.isOutlined === false && held.version === versionOf(catalog.json))
  const noted = isSame ? noteUnchanged(options.db, held, origin) : undefined
  return noted ?? load(options, catalog ?? parseCatalog(content, options.wholeBytes), origin, build)
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
  { db: file, guards, onProgress }: IngestOptions,
  catalog: Catalog,
  origin: Origin,
  build: SeededBuild,
): Outcome {
  const { providers, placed, setAside, whole, version, digests } = read(catalog, build)
  if (guards) refuseInvalid(setAside, digests.size, guards)
  return inTransaction(file, (db) => {
    refuseDamaged(db, file)
    migrate(db, file)
    const held = readDataset(db)
    if (held?.version === version && held.build === build.name) {
      writeDataset(db, { ...held, ...origin, setAside: setAside.length })
      return { ...unchangedOutcome(held), setAside }
    }
    const isNew = held?.version !== version
    const changes = held && isNew ? changesFrom(db, { providers, placed, whole }, digests) : []
    const counted = countChanges(changes)
    if (guards && held) refuseShrunk(counted.removed, held.models, digests.size, guards)
    replaceCatalog(db, { providers, whole }, placed, digests, onProgress)
    catalog.content.verify()
    const counts = { providers: providers.length, models: placed.length }
    if (isNew) {
      const record = stateRecorder(db)
      const isSeeded =
        !held && build.history !== undefined && recordSeedHistory(record, build.history, version)
      if (!isSeeded) record({ version, at: origin.fetchedAt, source: origin.source, ...counts }, changes)
    }
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
      ...counted,
      ...(held === undefined && { added: placed.length }),
      setAside,
      unchanged: !isNew,
    }
  })
}

interface Read extends Fingerprint, Pick<Upstream, 'setAside' | 'whole'> {
  providers: Pick<UpstreamProvider, 'id' | 'head'>[]
  placed: Placed[]
}

/** What a catalog holds, in the standing order and no longer by provider: a large one is not kept in memory twice. */
function read(catalog: Catalog, build: Build): Read {
  const { upstream, fingerprint } = readFinite(catalog)
  return {
    ...fingerprint,
    setAside: upstream.setAside,
    whole: upstream.whole,
    providers: upstream.providers.map(({ id, head }) => ({ id, head })),
    placed: inStandingOrder(upstream.providers, parseCuration(build)),
  }
}

/** Infinite numbers show only where every value is looked at anyway. */
function readFinite(catalog: Catalog): { upstream: Upstream; fingerprint: Fingerprint } {
  const upstream = readUpstream(catalog)
  try {
    return { upstream, fingerprint: fingerprintOf(upstream) }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const finite = setAsideInfinite(upstream)
    return { upstream: finite, fingerprint: fingerprintOf(finite) }
  }
}

export function unchangedOutcome({ version, providers, models }: DatasetRow) {
  return {
    version,
    previousVersion: version,
    providers,
    models,
    ...countChanges([]),
    unchanged: true,
  }
}

/** Runs work that writes to a catalog file, all of it or nothing. */
export function inTransaction<T>(file: string, work: (db: Database) => T): T {
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
