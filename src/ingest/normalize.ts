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

/** A model's rows; see {@link normalizeProvider}. */
export function normalizeModel(providerId: string, modelId: string, sent: UpstreamModel): ModelRows {
  const rows: ModelRows = {
    model: {
      provider: providerId,
      modelId,
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
    capabilities: capabilityRows(sent),
    modalities: [
      ...modalityRows('input', sent.modalities?.input),
      ...modalityRows('output', sent.modalities?.output),
    ],
    limits: numbers(sent.limit)
      .filter(([, tokens]) => Number.isSafeInteger(tokens))
      .map(([kind, tokens]) => ({ kind, tokens })),
    costs: numbers(sent.cost).map(([kind, usdPerMtok]) => ({ kind, usdPerMtok })),
    tiers: (sent.cost?.tiers ?? []).flatMap(tierRows),
    reasoningOptions: (sent.reasoning_options ?? []).map((option, position) => ({
      position,
      type: typeof option.type === 'string' ? option.type : null,
      option: canonicalJson(option),
    })),
  }
  rows.model.extra = restOf(sent, modelFromRows(rows))
  return rows
}

function capabilityRows(sent: UpstreamModel): ModelRows['capabilities'] {
  const rows: ModelRows['capabilities'] = []
  for (const capability of CAPABILITIES) {
    const value = sent[capability]
    if (value === undefined || value === null) continue
    const detail = typeof value === 'object' ? canonicalJson(value) : null
    rows.push({ capability, supported: value !== false, detail })
  }
  return rows
}

function modalityRows(
  direction: 'input' | 'output',
  modalities: string[] | null | undefined,
): ModelRows['modalities'] {
  return (modalities ?? []).map((modality, position) => ({ direction, position, modality }))
}

function tierRows(tier: Json, position: number): ModelRows['tiers'] {
  const { type, size } = isRecord(tier.tier) ? tier.tier : {}
  return numbers(tier).map(([kind, usdPerMtok]) => ({
    position,
    type: typeof type === 'string' ? type : null,
    size: typeof size === 'number' && Number.isSafeInteger(size) ? size : null,
    kind,
    usdPerMtok,
  }))
}

function numbers(sent: Json | null | undefined): [kind: string, value: number][] {
  return Object.entries(sent ?? {}).filter(
    (member): member is [string, number] => typeof member[1] === 'number',
  )
}

function restOf(sent: Json, rebuilt: Json): string | null {
  const rest = difference(sent, rebuilt)
  return rest === undefined ? null : canonicalJson(rest)
}
