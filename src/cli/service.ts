import type { Logger } from 'pino'
import type { CatalogSummary } from '../catalog/content.ts'
import type { Config, Secrets } from '../config.ts'
import { rateLimiters } from '../http/rate-limit.ts'
import { ensureToken } from './first-token.ts'
import { openLog } from './log.ts'
import { startServing, urlOf } from './serving.ts'
import { openUpkeep } from './upkeep.ts'

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

/** Puts the program together in one process: the file and its upkeep, the tokens, the pipeline and the server. */
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
    const upkeep = await openUpkeep(config, secrets, log, now)
    closers.push(upkeep.close)
    const { catalog, refresh, snapshots } = upkeep
    const limits = rateLimiters(config.rateLimit)
    const serving = await startServing({
      ...{ config, secrets, catalog, refresh, snapshots, log, now },
      rateLimiters: limits,
      peers: undefined,
    })
    closers.push(serving.stop, upkeep.stop)
    upkeep.begin()
    // Only now: had the port been taken, a token made before would be lost unseen.
    const firstToken = await ensureToken(serving.tokens, config.tokensFile, now())
    const url = urlOf(config.host, serving.port)
    return { url, dataset: catalog.summary(), newToken: firstToken, stop }
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
