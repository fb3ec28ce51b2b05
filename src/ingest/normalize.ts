import { CAPABILITIES } from '../db/capabilities.ts'
import { isRecord, type UpstreamModel, type UpstreamProvider } from '../source/upstream.ts'
import { canonicalJson } from './canonical.ts'
import { difference, modelFromRows, providerFromRows } from './read-back.ts'
import type { Json, ModelRows, ProviderRows } from './rows.ts'

/**
 * A provider's rows. Whatever the rows alone would not give back goes to `extra` as JSON, so that nothing sent is lost.
 * JSON is canonical: equal content is equal bytes in the file.
 */
export function normalizeProvider({ id, head }: UpstreamProvider): ProviderRows {
  const { name = null, npm = null, api = null, doc = null } = head
  const rows: ProviderRows = { provider: { id, name, npm, api, doc }, env: head.env ?? [] }
  rows.provider.extra = restOf(head, providerFromRows(rows))
  return rows
}

/** Which model: its key, its place in the catalog and its digest. */
export interface ModelKey {
  pk: number
  provider: string
  modelId: string
  digest: string
}

/** A model's rows; see {@link normalizeProvider}. */
export function normalizeModel(key: ModelKey, sent: UpstreamModel): ModelRows {
  const { pk } = key
  const rows: ModelRows = {
    model: {
      ...key,
      name: sent.name ?? null,
      description: sent.description ?? null,
      family: sent.family ?? null,
      canonicalModelId: sent.canonical_model_id ?? null,
      releaseDate: sent.release_date ?? null,
      lastUpdated: sent.last_updated ?? null,
      knowledge: sent.knowledge ?? null,
      openWeights: sent.open_weights ?? null,
      status: sent.status ?? null,
    },
    capabilities: capabilityRows(pk, sent),
    modalities: [
      ...modalityRows(pk, 'input', sent.modalities?.input),
      ...modalityRows(pk, 'output', sent.modalities?.output),
    ],
    limits: [],
    costs: [],
    tiers: (sent.cost?.tiers ?? []).flatMap((tier, position) => tierRows(pk, tier, position)),
    reasoningOptions: (sent.reasoning_options ?? []).map((option, position) => ({
      model: pk,
      position,
      type: typeof option.type === 'string' ? option.type : null,
      option: canonicalJson(option),
    })),
  }
  for (const [kind, tokens] of numbers(sent.limit)) {
    if (Number.isSafeInteger(tokens)) rows.limits.push({ model: pk, kind, tokens })
  }
  for (const [kind, usdPerMtok] of numbers(sent.cost)) rows.costs.push({ model: pk, kind, usdPerMtok })
  rows.model.extra = restOf(sent, modelFromRows(rows))
  return rows
}

function capabilityRows(model: number, sent: UpstreamModel): ModelRows['capabilities'] {
  const rows: ModelRows['capabilities'] = []
  for (const capability of CAPABILITIES) {
    const value = sent[capability]
    if (value === undefined || value === null) continue
    const detail = typeof value === 'object' ? canonicalJson(value) : null
    rows.push({ model, capability, supported: value !== false, detail })
  }
  return rows
}

function modalityRows(
  model: number,
  direction: 'input' | 'output',
  modalities: string[] | null | undefined,
): ModelRows['modalities'] {
  return (modalities ?? []).map((modality, position) => ({ model, direction, position, modality }))
}

function tierRows(model: number, tier: Json, position: number): ModelRows['tiers'] {
  const { type, size } = isRecord(tier.tier) ? tier.tier : {}
  return numbers(tier).map(([kind, usdPerMtok]) => ({
    model,
    position,
    type: typeof type === 'string' ? type : null,
    size: typeof size === 'number' && Number.isSafeInteger(size) ? size : null,
    kind,
    usdPerMtok,
  }))
}

function numbers(sent: Json | null | undefined): [kind: string, value: number][] {
  const found: [string, number][] = []
  for (const [kind, value] of Object.entries(sent ?? {}))
    if (typeof value === 'number') found.push([kind, value])
  return found
}

function restOf(sent: Json, rebuilt: Json): string | null {
  const rest = difference(sent, rebuilt)
  return rest === undefined ? null : canonicalJson(rest)
}
