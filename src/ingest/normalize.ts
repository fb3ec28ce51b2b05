import { CAPABILITIES } from '../db/capabilities.ts'
import { isRecord, type UpstreamModel } from '../source/schema.ts'
import type { UpstreamProvider } from '../source/upstream.ts'
import { canonicalJson } from './canonical.ts'
import type { Json, ModelRows, ProviderRows } from './rows.ts'

/**
 * Puts a field's value into rows and returns what they cannot give back, undefined for nothing: a `null` sent as such, a
 * list sent empty, members that nobody knows. `read-back.ts` puts the two together again.
 */
type Taker<Rows> = (value: unknown, rows: Rows) => unknown

/** A provider's rows. JSON in them is canonical: equal content is equal bytes in the file. */
export function normalizeProvider({ id, head }: Pick<UpstreamProvider, 'id' | 'head'>): ProviderRows {
  const rows: ProviderRows = { provider: { id }, env: [] }
  rows.provider.extra = takeAll(PROVIDER_FIELDS, head, rows)
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
  const rows: ModelRows = {
    model: { ...key },
    capabilities: [],
    modalities: [],
    limits: [],
    costs: [],
    tiers: [],
    reasoningOptions: [],
  }
  rows.model.extra = takeAll(MODEL_FIELDS, sent, rows)
  return rows
}

const PROVIDER_FIELDS: ReadonlyMap<string, Taker<ProviderRows>> = new Map<string, Taker<ProviderRows>>([
  ['id', (value, { provider }) => (value === provider.id ? undefined : value)],
  ...(['name', 'npm', 'api', 'doc'] as const).map((name): [string, Taker<ProviderRows>] => [
    name,
    (value, { provider }) => {
      if (typeof value !== 'string') return value
      provider[name] = value
      return undefined
    },
  ]),
  [
    'env',
    (value, { env }) => {
      if (!isListOfText(value)) return value
      env.push(...value)
      return undefined
    },
  ],
])

/** Upstream's names of the fields that are text, and their columns. */
const TEXT_COLUMNS = [
  ['name', 'name'],
  ['description', 'description'],
  ['family', 'family'],
  ['canonical_model_id', 'canonicalModelId'],
  ['release_date', 'releaseDate'],
  ['last_updated', 'lastUpdated'],
  ['knowledge', 'knowledge'],
  ['status', 'status'],
] as const

const MODEL_FIELDS: ReadonlyMap<string, Taker<ModelRows>> = new Map<string, Taker<ModelRows>>([
  ['id', (value, { model }) => (value === model.modelId ? undefined : value)],
  ...TEXT_COLUMNS.map(([name, column]): [string, Taker<ModelRows>] => [
    name,
    (value, { model }) => {
      if (typeof value !== 'string') return value
      model[column] = value
      return undefined
    },
  ]),
  [
    'open_weights',
    (value, { model }) => {
      if (typeof value !== 'boolean') return value
      model.openWeights = value
      return undefined
    },
  ],
  ...CAPABILITIES.map((capability): [string, Taker<ModelRows>] => [
    capability,
    (value, rows) => takeCapability(capability, value, rows),
  ]),
  ['modalities', takeModalities],
  ['limit', takeLimits],
  ['cost', takeCosts],
  ['reasoning_options', takeReasoningOptions],
])

function takeCapability(capability: string, value: unknown, { model, capabilities }: ModelRows): unknown {
  if (typeof value !== 'boolean' && !isRecord(value)) return value
  const detail = typeof value === 'object' ? canonicalJson(value) : null
  capabilities.push({ model: model.pk, capability, supported: value !== false, detail })
  return undefined
}

function takeModalities(value: unknown, { model, modalities }: ModelRows): unknown {
  return takeMembers(value, (direction, listed) => {
    if ((direction !== 'input' && direction !== 'output') || !isListOfText(listed)) return false
    for (const [position, modality] of listed.entries()) {
      modalities.push({ model: model.pk, direction, position, modality })
    }
    return true
  })
}

function takeLimits(value: unknown, { model, limits }: ModelRows): unknown {
  return takeMembers(value, (kind, tokens) => {
    if (typeof tokens !== 'number' || !Number.isSafeInteger(tokens)) return false
    limits.push({ model: model.pk, kind, tokens })
    return true
  })
}

function takeCosts(value: unknown, { model, costs, tiers }: ModelRows): unknown {
  return takeMembers(value, (kind, usdPerMtok) => {
    if (kind === 'tiers' && Array.isArray(usdPerMtok)) {
      const areWhole = usdPerMtok.map((tier, position) => takeTier(tier, position, model.pk, tiers))
      return areWhole.length > 0 && areWhole.every((isWhole) => isWhole)
    }
    if (typeof usdPerMtok !== 'number') return false
    costs.push({ model: model.pk, kind, usdPerMtok })
    return true
  })
}

/** @returns whether the rows give the whole tier back */
function takeTier(tier: unknown, position: number, model: number, tiers: ModelRows['tiers']): boolean {
  if (!isRecord(tier)) return false
  const { tier: threshold, ...prices } = tier
  const { type, size, ...unknown } = isRecord(threshold) ? threshold : {}
  const hasType = typeof type === 'string'
  const hasSize = typeof size === 'number' && Number.isSafeInteger(size)
  const kinds = Object.entries(prices)
  for (const [kind, usdPerMtok] of kinds) {
    if (typeof usdPerMtok !== 'number') continue
    tiers.push({
      model,
      position,
      type: hasType ? type : null,
      size: hasSize ? size : null,
      kind,
      usdPerMtok,
    })
  }
  const isKnown = hasType && hasSize && Object.keys(unknown).length === 0
  return (
    (isKnown || threshold === undefined) &&
    kinds.length > 0 &&
    kinds.every(([, price]) => typeof price === 'number')
  )
}

function takeReasoningOptions(value: unknown, { model, reasoningOptions }: ModelRows): unknown {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isRecord)) return value
  for (const [position, option] of value.entries()) {
    const type = typeof option.type === 'string' ? option.type : null
    reasoningOptions.push({ model: model.pk, position, type, option: canonicalJson(option) })
  }
  return undefined
}

/** Offers every field to its taker; what is left, as canonical JSON, or null for nothing. */
function takeAll<Rows>(takers: ReadonlyMap<string, Taker<Rows>>, sent: Json, rows: Rows): string | null {
  const rest: [string, unknown][] = []
  for (const name of Object.keys(sent)) {
    const take = takers.get(name)
    const left = take === undefined ? sent[name] : take(sent[name], rows)
    if (left !== undefined) rest.push([name, left])
  }
  return rest.length > 0 ? canonicalJson(Object.fromEntries(rest)) : null
}

/** Offers every member of an object; what is left, where an object sent empty is left as it is. */
function takeMembers(value: unknown, isTaken: (name: string, member: unknown) => boolean): unknown {
  if (!isRecord(value)) return value
  const names = Object.keys(value)
  const rest = names.filter((name) => !isTaken(name, value[name]))
  if (rest.length === 0 && names.length > 0) return undefined
  return Object.fromEntries(rest.map((name) => [name, value[name]]))
}

function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}
