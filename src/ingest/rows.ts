import type { RowOf } from '../db/insert.ts'

/** An object of JSON. */
export type Json = Record<string, unknown>

export type ModelRow = RowOf<'model'> & { pk: number }

/** What a model's row and the sets that it names say. */
export interface ModelRows {
  model: ModelRow
  capabilities: RowOf<'capabilitySet'>[]
  modalities: RowOf<'modalitySet'>[]
  limits: RowOf<'limitSet'>[]
  costs: RowOf<'costSet'>[]
  tiers: RowOf<'costTierSet'>[]
  reasoningOptions: RowOf<'reasoningOptionSet'>[]
}

/** The tables of what models have in common. */
export type SetTable =
  | 'capabilitySet'
  | 'modalitySet'
  | 'limitSet'
  | 'costSet'
  | 'costTierSet'
  | 'reasoningOptionSet'

export interface ProviderRows {
  provider: RowOf<'provider'>
  /** Names of environment variables, in upstream's order. */
  env: string[]
}
