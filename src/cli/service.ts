import { isIPv6 } from 'node:net'
import type { Logger } from 'pino'
import packageJson from '../../package.json' with { type: 'json' }
import { openCatalog } from '../catalog/catalog.ts'
import type { CatalogSummary } from '../catalog/content.ts'
import type { Config, Secrets } from '../config.ts'
import { AppError } from '../errors.ts'
import { keptDocuments } from '../formats/kept-documents.ts'
import { pastCatalogs } from '../history/past.ts'
import { createApp } from '../http/app.ts'
import { type RunningServer, type ServerOptions, startServer } from '../http/server.ts'
import { newToken, updateTokenFile } from '../http/token-file.ts'
import { openTokenStore, type TokenStore } from '../http/tokens.ts'
import { prepareCatalogFile, refuseSnapshot } from '../ingest/prepare.ts'
import type { StatementPool } from '../sql/pool.ts'
import { fetchLimits } from './fetch-limits.ts'
import { openLog } from './log.ts'
import { publishedSnapshots } from './published-snapshots.ts'
import { createRefresher, type Refresher, warnOfOverlay } from './refresher.ts'
import type { Schedule } from './schedule.ts'
import { startThread } from './threads.ts'

const FIRST_TOKEN_NAME = 'default'
/** How long a first start waits for another process that fills the same file, in ms. */
const FILL_WAIT_MS = 120_000

/** A running service, ready for requests. */
export interface Service {
  url: string
  dataset: CatalogSummary
  /** The text of the token that was made because there was none. */
  newToken: string | undefined
  /** Finishes the requests under way, then closes everything. */
  stop(): Promise<void>
}

export interface ServiceOverrides {
  now?: () => Date
  log?: Logger
}

/** Puts the program together: the file, the tokens, the pipeline and the server. */
export async function startService(
  config: Config,
  secrets: Secrets,
  overrides: ServiceOverrides = {},
): Promise<Service> {
  const now = overrides.now ?? (() => new Date())
  const closers: (() => void | Promise<void>)[] = []
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  const log = overrides.log ?? ownLog(config, closers)
  try {
    // First of all: what is wrong with it is to be told before anything is done.
    const timetable = await timetableOf(config)
    if (timetable !== undefined) refuseSnapshot(config.db)
    const { isFilled } = await fillIfEmpty(config, secrets, now, log)
    const catalog = openCatalog(config.db)
    closers.push(() => catalog.close())
    const past = pastCatalogs((version) => startThread('past', { file: config.db, version }))
    closers.push(() => past.close())
    const documents = keptDocuments(catalog, (name) => startThread('document', { file: config.db, name }))
    closers.push(() => documents.close())
    const tokens = config.noAuth ? undefined : openTokenStore(config.tokensFile, secrets)
    const statements = config.sql ? await openStatements(config.db) : undefined
    closers.push(() => statements?.close())
    const snapshots = publishedSnapshots(config.db, catalog)
    const refresher = createRefresher(config, secrets, log, now)
    let schedule: Schedule | undefined
    const refresh = { ...refresher, next: () => schedule?.next() }
    const runStatement = statements?.run
    const reads = { catalog, past, documents, snapshots, description }
    const programVersion = packageJson.version
    const app = createApp({ ...reads, tokens, refresh, runStatement, config, programVersion, log, now })
    const server = await listen(app, { host: config.host, port: config.port, log })
    closers.push(() => server.stop())
    // Ended first, so that no request waits for them while the server stops.
    closers.push(() => snapshots.close())
    closers.push(() => refresher.stop())
    if (config.follow !== undefined && !isFilled) void refreshOnTime(refresher, now(), log)
    if (timetable !== undefined) {
      schedule = timetable.start((due) => refreshOnTime(refresher, due, log), now)
      closers.push(schedule.stop)
    }
    // Only now: had the port been taken, a token made before would be lost unseen.
    const firstToken = await ensureToken(tokens, config.tokensFile, now())
    return { url: urlOf(config.host, server.port), dataset: catalog.summary(), newToken: firstToken, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function ownLog({ logLevel }: Config, closers: (() => void)[]): Logger {
  const { log, close } = openLog(logLevel)
  closers.push(close)
  return log
}

/** @throws UsageError for a cron expression that is none */
async function timetableOf({ refresh, follow, followInterval }: Config) {
  if (refresh === undefined && follow === undefined) return undefined
  // Loaded only when it is needed: most services have no schedule.
  const { everySeconds, readTimetable, startSchedule } = await import('./schedule.ts')
  const timetable = refresh === undefined ? everySeconds(followInterval) : readTimetable(refresh)
  return {
    start: (work: (due: Date) => Promise<void>, now: () => Date) => startSchedule(timetable, work, now),
  }
}

/** One refresh for all processes on the file: the first of them whose time comes runs it. */
async function refreshOnTime(refresher: Refresher, due: Date, log: Logger): Promise<void> {
  const last = refresher.lastAttempt()
  if (last !== undefined && last.outcome !== 'failed' && Date.parse(last.at) >= due.getTime()) return
  try {
    await refresher.run()
  } catch (error) {
    // Any other failure is logged already.
    if (error instanceof AppError && error.code === 'conflict')
      log.info({ reason: error.message }, 'refresh passed over')
  }
}

/** Loaded only when somebody asks. */
async function description(): Promise<string> {
  const { openApiDocument } = await import('../openapi/document.ts')
  return JSON.stringify(openApiDocument())
}

/** Loaded only when it is switched on. */
async function openStatements(db: string): Promise<StatementPool> {
  const { openStatementPool } = await import('../sql/pool.ts')
  return openStatementPool(db)
}

/** @returns whether it was empty, and is no more */
async function fillIfEmpty(
  config: Config,
  { followToken }: Secrets,
  now: () => Date,
  log: Logger,
): Promise<{ isFilled: boolean }> {
  const { db, source, overlay, follow, allowShrink, allowInvalid } = config
  const keepsOverlay = follow !== undefined
  const { empty, overlaid } = await prepareCatalogFile(db, { overlay, keepsOverlay, now })
  if (overlaid !== undefined) {
    const { setAside: _, overlayNotices, ...report } = overlaid
    log.info({ ...report, overlay }, 'overlay applied')
    warnOfOverlay(overlayNotices, log)
  }
  if (!empty) return { isFilled: false }
  const options = { db, limits: fetchLimits(config), waitMs: FILL_WAIT_MS, now }
  const fill = async () => {
    // Loaded only when it is needed: most starts find the catalog there.
    if (follow !== undefined) {
      const { pull } = await import('../snapshot/pull.ts')
      return pull({ ...options, from: follow, token: followToken })
    }
    const { refresh } = await import('../ingest/refresh.ts')
    return refresh({ ...options, from: source, overlay, allowShrink, allowInvalid })
  }
  const { setAside, overlayNotices, ...report } = await fill()
  log.info({ ...report, setAside: setAside.length }, 'catalog loaded')
  if (setAside.length > 0) log.warn({ setAside }, 'entries set aside')
  warnOfOverlay(overlayNotices, log)
  return { isFilled: true }
}

/** Makes a first token where nobody could come in otherwise. */
async function ensureToken(
  tokens: TokenStore | undefined,
  file: string,
  now: Date,
): Promise<string | undefined> {
  if (tokens === undefined || tokens.count() > 0) return undefined
  const { text, record } = newToken(FIRST_TOKEN_NAME, 'read', now)
  const isMade = await updateTokenFile(file, (records) => (records.length === 0 ? [record] : records))
  return isMade ? text : undefined
}

async function listen(
  app: Parameters<typeof startServer>[0],
  options: ServerOptions,
): Promise<RunningServer> {
  try {
    return await startServer(app, options)
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
    if (!isTaken) throw cause
    const url = urlOf(options.host, options.port)
    throw new AppError('internal', `${url} is in use by another program: take another port with --port`, {
      cause,
    })
  }
}

/** Where a client on this machine finds the server; one that listens on every address is found on loopback. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`
}
