import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Catalog } from '../catalog/catalog.ts'
import type { Config } from '../config.ts'
import type { Exchange } from './exchange.ts'
import type { Target } from './target.ts'
import type { TokenStore } from './tokens.ts'

/** All that the routes work with: built once, at start. */
export interface AppContext {
  catalog: Catalog
  /** The issued tokens; absent when authentication is off. */
  tokens: TokenStore | undefined
  config: Config
  log: Logger
  now: () => Date
}

/** What the routes in Express find in `response.locals`. */
export type RequestState = {
  exchange: Exchange
  target: Target
}

export type Handler = RequestHandler<object, unknown, unknown, unknown, RequestState>
