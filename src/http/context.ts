import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Catalog } from '../catalog/catalog.ts'
import type { QueryPair } from '../catalog/params.ts'
import type { Config } from '../config.ts'
import type { IssuedToken, TokenStore } from './tokens.ts'

/** All that the routes work with: built once, at start. */
export interface AppContext {
  catalog: Catalog
  /** The issued tokens; absent when authentication is off. */
  tokens: TokenStore | undefined
  config: Config
  log: Logger
  now: () => Date
}

/** A request's URL, percent-decoded once. */
export interface Target {
  path: string
  pairs: readonly QueryPair[]
}

/** What the pipeline has learnt of one request, kept in `response.locals`. */
type RequestState = {
  caller: Caller
  target: Target
}

export type Handler = RequestHandler<object, unknown, unknown, unknown, RequestState>

/** Who asks. Neither a token nor a fault: authentication is off. */
export interface Caller {
  /** The issued token the request carries, even an expired one: its requests are counted by it. */
  token?: IssuedToken
  /** Why the request may not pass. */
  fault?: unknown
}
