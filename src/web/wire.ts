/** What the service answers, as far as the page reads it: docs/api.md, docs/browse.md. */

export interface Entry {
  id: string
  provider: string
  name: string | null
  capabilities: readonly string[]
  cost: Cost | null
  limits: { context: number | null; output: number | null } | null
  modalities: { input: readonly string[]; output: readonly string[] } | null
  knowledge: string | null
  open_weights: boolean | null
  release_date: string | null
  status: string | null
}

/** USD per 1M tokens. */
interface Cost {
  input: number | null
  output: number | null
}

export interface ModelList {
  models: readonly Entry[]
  total: number
}

export interface Facets {
  total: number
  provider: readonly Counted<string>[]
  capability: readonly Counted<string>[]
  family: readonly Counted<string | null>[]
  status: readonly Counted<string | null>[]
  input_modality: readonly Counted<string | null>[]
  output_modality: readonly Counted<string | null>[]
  open_weights: readonly Counted<boolean | null>[]
  price: Histogram
  context: Histogram
}

export interface Counted<Value> {
  value: Value
  count: number
}

export interface Histogram {
  unknown: number
  buckets: readonly { min: number; max: number | null; count: number }[]
}

export interface Dataset {
  models: number
  providers: number
  /** RFC 3339. */
  fetched_at: string
}

export interface ChangeList {
  changes: readonly Change[]
  /** Null at the end. */
  next_cursor: string | null
}

export interface Change {
  /** RFC 3339. */
  at: string
  kind: string
  id: string
  /** Null where the catalog has none, or has it no longer. */
  name: string | null
  /** Null for a provider itself. */
  model_id: string | null
  /** Where `kind` is `changed`. */
  field: string | null
  before: unknown
  after: unknown
}

export interface ProviderList {
  providers: readonly Provider[]
}

export interface Provider {
  id: string
  name: string | null
  /** The environment variables that hold its credentials. */
  env: readonly string[]
  doc: string | null
  /** The AI SDK's package that speaks to it, and where that finds it. */
  npm: string | null
  api: string | null
}

/** Why the service did not answer as asked. */
export interface Envelope {
  code: number
  detail: string
  type: string
}
