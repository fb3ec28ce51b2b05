import type { RequestListener } from 'node:http'
import { isIPv6 } from 'node:net'
import packageJson from '../../package.json' with { type: 'json' }
import type { Catalog } from '../catalog/catalog.ts'
import type { Config, Secrets } from '../config.ts'
import { AppError } from '../errors.ts'
import { keptDocuments } from '../formats/kept-documents.ts'
import { pastCatalogs } from '../history/past.ts'
import { createApp } from '../http/app.ts'
import type { AppContext } from '../http/context.ts'
import { type RunningServer, type ServerOptions, startServer } from '../http/server.ts'
import { openTokenStore, type TokenStore } from '../http/tokens.ts'
import type { StatementPool } from '../sql/pool.ts'
import { startThread } from './threads.ts'
import { youngGenerationKeeper } from './young-generation.ts'

/** What a process that serves brings along. */
export interface Supplies
  extends Pick<AppContext, 'refresh' | 'snapshots' | 'rateLimiters' | 'peers' | 'log' | 'now'> {
  config: Config
  secrets: Secrets
  catalog: Catalog
}

export interface Serving {
  port: number
  tokens: TokenStore | undefined
  /** Finishes the requests under way, then closes what it opened. */
  stop(): Promise<void>
}

/** Puts together what answers requests: all but the catalog's upkeep. */
export async function startServing(supplies: Supplies): Promise<Serving> {
  const { config, secrets, catalog, ...others } = supplies
  const closers: (() => void | Promise<void>)[] = []
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    const past = pastCatalogs((version) => startThread('past', { file: config.db, version }))
    closers.push(() => past.close())
    const documents = keptDocuments(catalog, (name) => startThread('document', { file: config.db, name }))
    closers.push(() => documents.close())
    const tokens = config.noAuth ? undefined : openTokenStore(config.tokensFile, secrets)
    const statements = config.sql ? await openStatements(config.db) : undefined
    closers.push(() => statements?.close())
    const runStatement = statements?.run
    const programVersion = packageJson.version
    const own = { config, catalog, past, documents, tokens, runStatement, description, programVersion }
    const answer = createApp({ ...own, ...others })
    const keepYoungGeneration = youngGenerationKeeper()
    const app: RequestListener = (request, response) => {
      keepYoungGeneration()
      answer(request, response)
    }
    const server = await listen(app, { host: config.host, port: config.port, log: others.log })
    closers.push(() => server.stop())
    return { port: server.port, tokens, stop }
  } catch (error) {
    await stop()
    throw error
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

async function listen(app: RequestListener, options: ServerOptions): Promise<RunningServer> {
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
export function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`
}
