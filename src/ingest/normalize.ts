import { CAPABILITIES } from '../db/capabilities.ts'
import { isRecord, type UpstreamModel } from '../source/schema.ts'
import type { UpstreamProvider } from '../source/upstream.ts'
import { canonicalJson } from './canonical.ts'
import { isListOfText, type ModelSets, modelSets, type PutRow } from './model-sets.ts'
import type { Json, ModelRow, ProviderRows } from './rows.ts'

/**
 * Puts a field's value into rows and returns what they cannot give back, undefined for nothing: a `null` sent as such, a
 * list sent empty, members that nobody knows. `read-back.ts` puts the two together again.
 */
type Taker<Rows> = (value: unknown, rows: Rows) => unknown

/** A provider's rows. JSON in them is canonical: equal content is equal bytes in the file. */
export function normalizeProvider({ id, head }: Pick<UpstreamProvider, 'id' | 'head'>): ProviderRows {
  const rows: ProviderRows = { provider: { id }, env: [] }
  rows.provider.extra = extraOf(takeAll(PROVIDER_FIELDS, head, rows))
  return rows
}

/** Which model: its key, its place in the catalog and its digest. */
export interface ModelKey {
  pk: number
  provider: string
  modelId: string
  digest: string
}

/** Makes the rows of models, one after the other; see {@link normalizeProvider}. Those of a set come once, before the model. */
export function modelNormalizer(put: PutRow): (key: ModelKey, sent: UpstreamModel) => ModelRow {
  const sets = modelSets(put)
  return (key, sent) => {
    const model: ModelRow = { ...NO_FIELDS, ...key }
    const capabilities: Json = {}
    const left = takeAll(MODEL_FIELDS, sent, { model, capabilities, sets })
    const supported = sets.capabilities(capabilities)
    model.capabilities = supported.id
    model.extra = extraOf(isRecord(supported.left) ? { ...left, ...supported.left } : left)
    return model
  }
}

/** A model that says nothing of itself. */
const NO_FIELDS = {
  name: null,
  description: null,
  family: null,
  canonicalModelId: null,
  releaseDate: null,
  lastUpdated: null,
  knowledge: null,
  openWeights: null,
  status: null,
  capabilities: null,
  modalities: null,
  limits: null,
  costs: null,
  reasoningOptions: null,
  extra: null,
} satisfies Partial<ModelRow>

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

interface TakenModel {
  model: ModelRow
  capabilities: Json
  sets: ModelSets
}

const MODEL_FIELDS: ReadonlyMap<string, Taker<TakenModel>> = new Map<string, Taker<TakenModel>>([
  ['id', (value, { model }) => (value === model.modelId ? undefined : value)],
  ...TEXT_COLUMNS.map(([name, column]): [string, Taker<TakenModel>] => [
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
  ...CAPABILITIES.map((capability): [string, Taker<TakenModel>] => [
    capability,
    (value, { capabilities }) => {
      capabilities[capability] = value
      return undefined
    },
  ]),
  ...(
    [
      ['modalities', 'modalities'],
      ['limit', 'limits'],
      ['cost', 'costs'],
      ['reasoning_options', 'reasoningOptions'],
    ] as const
  ).map(([name, column]): [string, Taker<TakenModel>] => [
    name,
    (value, { model, sets }) => {
      const { id, left } = sets[column](value)
      model[column] = id
      return left
    },
  ]),
])

/** Offers every field to its taker; what is left, undefined for nothing. */
function takeAll<Rows>(takers: ReadonlyMap<string, Taker<Rows>>, sent: Json, rows: Rows): Json | undefined {
  let rest: [string, unknown][] | undefined
  for (const name of Object.keys(sent)) {
    const take = takers.get(name)
    const left = take === undefined ? sent[name] : take(sent[name], rows)
    if (left === undefined) continue
    rest ??= []
    rest.push([name, left])
  }
  return rest && Object.fromEntries(rest)
}

/** What no row says, as canonical JSON; null for nothing. */
function extraOf(left: Json | undefined): string | null {
  return left !== undefined && Object.keys(left).length > 0 ? canonicalJson(left) : null
}
