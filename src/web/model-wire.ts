import type { Entry } from './wire.ts'

/** What the service answers about single models: docs/api.md, docs/offers.md, docs/estimate.md. */

export interface FullModel extends Entry {
  description: string | null
  family: string | null
  lab: string
  canonical_model_id: string | null
  last_updated: string | null
  party: string
  prices: Prices | null
  tiers: readonly Tier[]
  token_limits: Readonly<Record<string, number | null>> | null
  /** As upstream has them. */
  reasoning_options: readonly unknown[] | null
  interleaved: unknown
  experimental: unknown
  provider_overrides: { npm?: unknown; api?: unknown } | null
  /** What LiteLLM's calls name it; null where that does not know its provider. */
  litellm_model: string | null
  /** The fields that the overlay decides, by dotted name. */
  overlay: Readonly<Record<string, { overlay: unknown; upstream: unknown }>> | null
}

/** USD per 1M tokens, by the kind of token. */
export type Prices = Readonly<Record<string, number | null>>

/** What holds above a size of the prompt; null where the usual price goes on. */
export interface Tier {
  type: string
  size: number
  prices: Prices
}

export interface OfferList {
  model: string
  offers: readonly Offer[]
  total: number
}

export interface Offer {
  matched_by: string
  is_certain: boolean
  /** 1M tokens in and 1M out together, exact; null is unknown. */
  price: string | null
  is_free: boolean
  entry: Entry
}

export interface ModelHistory {
  history: readonly Moment[]
}

/** What a model was like from a time on. */
export interface Moment {
  from: string
  kind: string
  status: string | null
  cost: { input?: unknown; output?: unknown } | null
}

/** What each model costs, the cheapest first; last those of which that is unknown. */
export interface Ranking {
  results: readonly RankedModel[]
  total: number
  priced: number
}

export interface RankedModel {
  entry: Entry
  estimate: Estimate | null
  error: { detail: string } | null
}

/** Amounts in USD, exact. */
export interface Estimate {
  usd_per_request: string
  usd_total: string
  assumptions: readonly string[]
  warnings: readonly string[]
}
