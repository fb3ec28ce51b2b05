import type { RowOf } from '../db/insert.ts'

/** An object of JSON. */
export type Json = Record<string, unknown>

export interface ModelRows {
  model: RowOf<'model'> & { pk: number }
  capabilities: RowOf<'modelCapability'>[]
  modalities: RowOf<'modelModality'>[]
  limits: RowOf<'modelLimit'>[]
  costs: RowOf<'modelCost'>[]
  tiers: RowOf<'modelCostTier'>[]
  reasoningOptions: RowOf<'modelReasoningOption'>[]
}

export interface ProviderRows {
  provider: RowOf<'provider'>
  /** Names of environment variables, in upstream's order. */
  env: string[]
}
