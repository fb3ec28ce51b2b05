import type { RowOf, TableName } from '../db/insert.ts'

/** An object of JSON. */
export type Json = Record<string, unknown>

/** Rows of a table of models, before the model has its key: its place in the standing order. */
type Keyless<Name extends TableName> = Omit<RowOf<Name>, 'model'>

export interface ModelRows {
  model: Omit<RowOf<'model'>, 'pk' | 'digest'>
  capabilities: Keyless<'modelCapability'>[]
  modalities: Keyless<'modelModality'>[]
  limits: Keyless<'modelLimit'>[]
  costs: Keyless<'modelCost'>[]
  tiers: Keyless<'modelCostTier'>[]
  reasoningOptions: Keyless<'modelReasoningOption'>[]
}

export interface ProviderRows {
  provider: RowOf<'provider'>
  /** Names of environment variables, in upstream's order. */
  env: string[]
}
