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
import { type Content, MAX_WHOLE_BYTES } from '../source/content.ts'
import { digestOf } from '../source/digest.ts'
import { type LoadedSource, loadSource, readSeed, SEED } from '../source/load.ts'
import { readOverlay } from '../source/overlay-file.ts'
import { type Catalog, parseCatalog, readUpstream, type SetAside } from '../source/upstream.ts'
import { type Arranged, arrange, type Making } from './arrange.ts'
import { readBuild } from './build.ts'
import { versionOf } from './canonical.ts'
import { type Changes, changesFrom, countChanges } from './changes.ts'
import { type DatasetRow, peek, readDataset, writeDataset } from './dataset.ts'
import { type Guards, refuseInvalid, refuseShrunk } from './guards.ts'
import { digestOfOverlay, type OverlayNotice } from './overlay.ts'
import { countLost, readNotices, writeOverlay } from './overlay-tables.ts'
import { recordSeedHistory } from './seed-history.ts'
import { stateRecorder } from './states.ts'
import { withFlags } from './v8-flags.ts'
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
  /** A file of what is added, changed and left out; without one the catalog is upstream's alone. */
  overlay?: string | undefined
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
  /** What in the overlay did not have its effect. */
  overlayNotices: OverlayNotice[]
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
  const [build, overlay] = await Promise.all([readBuild(), readOverlay(options.overlay)])
  const { content, source } = options.loaded ?? (await loadSource(options.from))
  try {
    const fetchedAt = (options.now?.() ?? new Date()).toISOString()
    const overlayDigest = digestOfOverlay(overlay)
    const origin = { source, sourceDigest: digestOf(content), fetchedAt, overlayDigest }
    const making = { build, overlay, history: await readHistory(options) }
    const isLarge = content.size > (options.wholeBytes ?? MAX_WHOLE_BYTES)
    const outcome = withFlags(isLarge, () => ingestContent(options, content, origin, making))
    return { ...outcome, source, seconds: (performance.now() - started) / 1000 }
  } finally {
    content.close()
  }
}

/** What led to the catalog that comes with the program, where that is to fill an empty file. */
async function readHistory({ from, db }: IngestOptions): Promise<string | undefined> {
  return from === SEED && peekAt(db) === undefined ? readSeed('history.json') : undefined
}

type SeededMaking = Making & { history: string | undefined }
type Origin = Pick<DatasetRow, 'source' | 'sourceDigest' | 'fetchedAt' | 'overlayDigest'>
export type Outcome = Omit<IngestReport, 'source' | 'seconds'>

/** Reads no further than it takes to see that the file holds the same: most refreshes find nothing changed. */
function ingestContent(
  options: IngestOptions,
  content: Content,
  origin: Origin,
  making: SeededMaking,
): Outcome {
  const { build, overlay } = making
  const held = peekAt(options.db)
  const isCurrent = held?.build === build.name && held.overlayDigest === origin.overlayDigest
  const isSameText = isCurrent && held.setAside === 0 && held.sourceDigest === origin.sourceDigest
  const catalog = isSameText ? undefined : parseCatalog(content, options.wholeBytes)
  // The version is of what was loaded, so a catalog that has it holds nothing to set aside; an overlay makes it another.
  const isComparable = isCurrent && overlay === undefined && catalog?.isOutlined === false
  const isSame = isSameText || (isComparable && held.version === versionOf(catalog.json))
  const noted = isSame ? noteUnchanged(options.db, held, origin) : undefined
  return noted ?? load(options, catalog ?? parseCatalog(content, options.wholeBytes), origin, making)
}

function peekAt(file: string): DatasetRow | undefined {
  if (!existsSync(file)) return undefined
  return opening(file, () => withDatabase(openForReading(file), (db) => peek(db, file)))
}

/** Only the time of the fetch is new; undefined where another ingest came in between. */
function noteUnchanged(file: string, seen: DatasetRow, origin: Origin): Outcome | undefined {
  return inTransaction(file, (db) => {
    const held = readDataset(db)
    const isSeen =
      held?.version === seen.version && held.build === seen.build && held.overlayDigest === seen.overlayDigest
    if (!isSeen) return undefined
    writeDataset(db, { ...held, ...origin, setAside: 0 })
    return { ...unchangedOutcome(held), setAside: [], overlayNotices: readNotices(db) }
  })
}

function load(
  { db: file, guards, onProgress }: IngestOptions,
  catalog: Catalog,
  origin: Origin,
  making: SeededMaking,
): Outcome {
  const { history } = making
  const { arranged, plain } = arrangements(catalog, making)
  const { sent } = arranged
  const setAside = arranged.setAside.length
  if (guards) refuseInvalid(arranged.setAside, sent.size, guards)
  return inTransaction(file, (db) => {
    refuseDamaged(db, file)
    migrate(db, file)
    if (guards) {
      const { held, lost } = countLost(db, sent)
      refuseShrunk(lost, held, sent.size, guards)
    }
    const row = { ...origin, ingestedAt: origin.fetchedAt, setAside, build: making.build.name }
    const isFirst = readDataset(db) === undefined
    // History leads to the catalog that comes with the program, and the overlay on from there.
    if (isFirst && plain) store(db, plain, { ...row, overlayDigest: null }, { history })
    const outcome = store(db, arranged, row, { history, onProgress })
    catalog.content.verify()
    if (!isFirst) return outcome
    return { ...outcome, ...countChanges([]), added: outcome.models, previousVersion: null }
  })
}

/**
 * The catalog as it is to be written, and without the overlay where history leads there first. What upstream sent is let go
 * with this call: a large catalog is not in memory twice while it is written.
 */
function arrangements(catalog: Catalog, making: SeededMaking): { arranged: Arranged; plain?: Arranged } {
  const upstream = readUpstream(catalog)
  const arranged = arrange(upstream, making)
  if (making.history === undefined || making.overlay === undefined) return { arranged }
  return { arranged, plain: arrange(upstream, { ...making, overlay: undefined }) }
}

/** A variable that is not set where the command is run takes away more than is meant. */
const UNDONE: OverlayNotice = { what: 'none is configured', why: 'what the last one did is undone' }

/** Writes a catalog, in the caller's transaction; one that the file holds already is not written again. */
export function store(
  db: Database,
  { providers, placed, setAside, whole, trace, version, digests }: Arranged,
  row: Omit<DatasetRow, 'version' | 'providers' | 'models'>,
  { history, onProgress }: { history?: string | undefined; onProgress?: Progress | undefined } = {},
): Outcome {
  const held = readDataset(db)
  const overlayNotices = trace?.notices ?? (held?.overlayDigest ? [UNDONE] : [])
  // What the overlay covers may have changed where the catalog has not.
  writeOverlay(db, trace, whole)
  if (held?.version === version && held.build === row.build) {
    writeDataset(db, { ...held, ...row, ingestedAt: held.ingestedAt })
    return { ...unchangedOutcome(held), setAside, overlayNotices }
  }
  const isNew = held?.version !== version
  const changes = held && isNew ? changesFrom(db, { providers, placed, whole }, digests) : []
  replaceCatalog(db, { providers, whole }, placed, digests, onProgress)
  const counts = { providers: providers.length, models: placed.length }
  if (isNew) {
    const record = stateRecorder(db)
    const isSeeded = !held && history !== undefined && recordSeedHistory(record, history, version)
    if (!isSeeded) record({ version, at: row.ingestedAt, source: row.source, ...counts }, changes)
  }
  writeDataset(db, { ...row, version, ...counts })
  return {
    version,
    previousVersion: held?.version ?? null,
    ...counts,
    ...countChanges(changes),
    setAside,
    overlayNotices,
    unchanged: !isNew,
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
