import { isIPv6 } from 'node:net'
import { type Logger, pino } from 'pino'
import { type CatalogSummary, openCatalog } from '../catalog/catalog.ts'
import type { Config, Secrets } from '../config.ts'
import { AppError } from '../errors.ts'
import { createApp } from '../http/app.ts'
import { type RunningServer, type ServerOptions, startServer } from '../http/server.ts'
import { newToken, updateTokenFile } from '../http/token-file.ts'
import { openTokenStore, type TokenStore } from '../http/tokens.ts'
import { prepareCatalogFile } from '../ingest/prepare.ts'

const STDERR = 2
const FIRST_TOKEN_NAME = 'default'

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
  const log = overrides.log ?? pino({ level: config.logLevel }, pino.destination(STDERR))
  const closers: (() => void | Promise<void>)[] = []
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    await fillIfEmpty(config, now, log)
    const catalog = openCatalog(config.db)
    closers.push(() => catalog.close())
    const tokens = config.noAuth ? undefined : openTokenStore(config.tokensFile, secrets)
    const app = createApp({ catalog, tokens, config, log, now })
    closers.push(() => app.close())
    const server = await listen(app.handle, { host: config.host, port: config.port, log })
    closers.push(() => server.stop())
    // Only now: had the port been taken, a token made before would be lost unseen.
    const firstToken = await ensureToken(tokens, config.tokensFile, now())
    return { url: urlOf(config.host, server.port), dataset: catalog.summary(), newToken: firstToken, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function fillIfEmpty({ db, source, overlay }: Config, now: () => Date, log: Logger): Promise<void> {
  const { empty, overlaid } = await prepareCatalogFile(db, { overlay, now })
  if (overlaid !== undefined) {
    const { setAside: _, overlayNotices, ...report } = overlaid
    log.info({ ...report, overlay }, 'overlay applied')
    warnOfOverlay(overlayNotices, log)
  }
  if (!empty) return
  // Loaded only when it is needed: most starts find the catalog there.
  const { ingest } = await import('../ingest/ingest.ts')
  const { setAside, overlayNotices, ...report } = await ingest({ db, from: source, overlay, now })
  log.info({ ...report, setAside: setAside.length }, 'catalog loaded')
  if (setAside.length > 0) log.warn({ setAside }, 'entries set aside')
  warnOfOverlay(overlayNotices, log)
}

function warnOfOverlay(notices: readonly object[], log: Logger): void {
  if (notices.length > 0) log.warn({ notices }, 'parts of the overlay have no effect')
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
  handle: Parameters<typeof startServer>[0],
  options: ServerOptions,
): Promise<RunningServer> {
  try {
    return await startServer(handle, options)
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
