// The catalog in models.dev's api.json shape, and the contract's entry made of it.

export interface SourceModel {
  name?: string | null
  family?: string | null
  canonical_model_id?: string | null
  attachment?: unknown
  reasoning?: unknown
  tool_call?: unknown
  structured_output?: unknown
  temperature?: unknown
  interleaved?: unknown
  cost?: { input?: number | null; output?: number | null } | null
  limit?: { context?: number | null; output?: number | null } | null
  modalities?: { input: string[]; output: string[] } | null
  knowledge?: string | null
  open_weights?: boolean | null
  release_date?: string | null
  status?: string | null
}

export type Catalog = Record<string, { models: Record<string, SourceModel> }>

export interface InferenceCatalogEntry {
  id: string
  provider: string
  name: string | null
  capabilities: string[]
  cost: { input: number | null; output: number | null } | null
  limits: { context: number | null; output: number | null } | null
  modalities: { input: string[]; output: string[] } | null
  knowledge: string | null
  open_weights: boolean | null
  release_date: string | null
  status: string | null
}

const capabilityNames = [
  'attachment',
  'reasoning',
  'tool_call',
  'structured_output',
  'temperature',
  'interleaved',
] as const

export function toEntry(provider: string, modelId: string, model: SourceModel): InferenceCatalogEntry {
  const { cost, limit, modalities } = model
  return {
    id: `${provider}/${modelId}`,
    provider,
    name: model.name ?? null,
    capabilities: capabilityNames.filter((name) => isGranted(model[name])),
    cost: cost ? { input: cost.input ?? null, output: cost.output ?? null } : null,
    limits: limit ? { context: limit.context ?? null, output: limit.output ?? null } : null,
    modalities: modalities ? { input: modalities.input, output: modalities.output } : null,
    knowledge: model.knowledge ?? null,
    open_weights: model.open_weights ?? null,
    release_date: model.release_date ?? null,
    status: model.status ?? null,
  }
}

function isGranted(value: unknown): boolean {
  return value === true || (typeof value === 'object' && value !== null)
}

/** The higher of the prices that are known; free is known. */
export function priceOf(entry: InferenceCatalogEntry): number | null {
  const known = [entry.cost?.input, entry.cost?.output].filter((price) => typeof price === 'number')
  return known.length === 0 ? null : Math.max(...known)
}

/** A context of 0 is shown, but it is not known. */
export function contextOf(entry: InferenceCatalogEntry): number | null {
  return entry.limits?.context || null
}
