import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Catalog } from '../catalog/catalog.ts'
import type { Config } from '../config.ts'
import type { Documents } from '../formats/kept-documents.ts'
import type { PastCatalogs } from '../history/past.ts'
import type { Exchange } from './exchange.ts'
import type { RateLimiters } from './rate-limit.ts'
import type { Target } from './target.ts'
import type { TokenStore } from './tokens.ts'

/** How a refresh went. */
export interface Attempt {
  /** When it began: RFC 3339, UTC. */
  at: string
  outcome: 'updated' | 'unchanged' | 'failed'
  error: { type: string; detail: string } | null
}

/** What a refresh did, in models. */
export interface RefreshReport {
  unchanged: boolean
  version: string
  previousVersion: string | null
  source: string
  fetchedAt: string
  providers: number
  models: number
  added: number
  removed: number
  returned: number
  renamed: number
  changed: number
  setAside: readonly { path: string; reason: string }[]
  /** What in the overlay does not have its effect. */
  overlayNotices: readonly { what: string; why: string }[]
  seconds: number
}

/** Brings the catalog up to date from its source, off this thread. */
export interface RefreshControl {
  /** @throws AppError `conflict` while a refresh is under way, by whichever process; or why it failed */
  run(): Promise<RefreshReport>
  lastAttempt(): Attempt | undefined
  /** How often it went how, of those by this process. */
  outcomes(): Readonly<Record<Attempt['outcome'], number>>
  /** When the schedule has the next one; undefined without a schedule. */
  next(): Date | undefined
}

/** The catalog as one file, to be handed out. */
export interface PublishedSnapshot {
  file: string
  /** Of the file, in hex. */
  sha256: string
  bytes: number
  /** The dataset version. */
  version: string
  /** What says what it is, as JSON text. */
  manifest: string
}

interface SnapshotControl {
  /**
   * The snapshot of what is served, made off this thread where there is none yet.
   * @throws AppError `internal` when it cannot be made
   */
  current(): Promise<PublishedSnapshot>
}

/** What processes measure, each as a text of metrics. */
export interface Measures {
  /** How many of the processes that serve are among them. */
  workers: number
  texts: readonly string[]
}

/** The processes that serve together with this one. */
interface Peers {
  /** What tells this one from the others in metrics. */
  name: string
  /** Says how this one tells what it measures, whichever of them is asked for it. */
  offer(measure: () => Promise<string>): void
  /** What all of them measure, but for those that do not tell it in time. */
  collect(): Promise<Measures>
}

/** All that the routes work with: built once, at start. */
export interface AppContext {
  catalog: Catalog
  /** The catalog as it was at other times. */
  past: PastCatalogs
  /** What is large and holds the whole catalog. */
  documents: Pick<Documents, 'current'>
  /** The issued tokens; absent when authentication is off. */
  tokens: TokenStore | undefined
  refresh: RefreshControl
  /** Absent when SQL over HTTP is off. */
  runStatement: RunStatement | undefined
  snapshots: SnapshotControl
  rateLimiters: RateLimiters
  /** Absent where one process serves alone. */
  peers: Peers | undefined
  /** What routes there are: an OpenAPI document. Made on demand. */
  description: () => Promise<string>
  config: Config
  /** What this program calls itself to clients. */
  programVersion: string
  log: Logger
  now: () => Date
}

/**
 * Runs one read-only statement over the catalog until it is done or the signal comes. `text` is the finished JSON of
 * its rows, at most `limit` of them.
 * @throws AppError `invalid`, `rate_limited`, `database`
 */
export type RunStatement = (
  statement: Statement,
  signal: AbortSignal,
) => Promise<{ version: string; text: Buffer }>

interface Statement {
  sql: string
  params: Parameter[] | Record<string, Parameter>
  limit: number
}

type Parameter = string | number | boolean | null

/** What the routes in Express find in `response.locals`. */
export type RequestState = {
  exchange: Exchange
  target: Target
}

export type Handler = RequestHandler<object, unknown, unknown, unknown, RequestState>
