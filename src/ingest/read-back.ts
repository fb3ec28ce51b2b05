import type { Database } from '../db/open.ts'
import { perConnection } from '../db/per-connection.ts'
import { isRecord, type UpstreamModel } from '../source/schema.ts'
import type { UpstreamProvider } from '../source/upstream.ts'
import { modelDigest } from './canonical.ts'
import { readDigests } from './dataset.ts'
import type { Json, ModelRow, ModelRows, ProviderRows } from './rows.ts'

/**
 * The catalog that a file's normalized tables hold, as upstream sent it: the same JSON value for each provider and model
 * (one that came without an `id` has gained it). The order is the file's own.
 */
export function readBack(db: Database): UpstreamProvider[] {
  const models = Map.groupBy(readModels(db), ({ provider }) => provider)
  return readHeads(db).map(({ id, head }) => ({
    id,
    head,
    models: (models.get(id) ?? []).map(({ modelId, model }): [string, UpstreamModel] => [modelId, model]),
  }))
}

/** The same, of models with an `id` only those that came with it: their digests tell. */
export function readAsSent(db: Database): UpstreamProvider[] {
  const digests = readDigests(db)
  return readBack(db).map(({ id, head, models }) => ({
    id,
    head,
    models: models.map(([modelId, model]): [string, UpstreamModel] => [
      modelId,
      asSent(model, digests.get(`${id}/${modelId}`)),
    ]),
  }))
}

function asSent(model: UpstreamModel, digest: string | undefined): UpstreamModel {
  if (modelDigest(model) === digest) return model
  const { id: _, ...rest } = model
  return modelDigest(rest) === digest ? rest : model
}

/** What each provider says of itself. */
export function readHeads(db: Database): Omit<UpstreamProvider, 'models'>[] {
  const env = db
    .prepare<[string], string>('SELECT name FROM provider_env WHERE provider = ? ORDER BY position')
    .pluck()
  const providers = db.prepare<[], ProviderRows['provider']>('SELECT * FROM provider ORDER BY id').all()
  return providers.map((provider) => ({
    id: provider.id,
    head: merged(providerFromRows({ provider, env: env.all(provider.id) }), provider.extra),
  }))
}

interface ReadModel {
  provider: string
  modelId: string
  model: UpstreamModel
}

/** All models, or those of the given ids. */
export function readModels(db: Database, ids?: readonly string[]): ReadModel[] {
  const { all, byIds, rowsOf } = statements(db)
  const models = ids === undefined ? all.all() : byIds.all(JSON.stringify(ids))
  return models.map((row) => {
    const { provider, modelId, extra } = row
    return { provider, modelId, model: merged(modelFromRows(rowsOf(row)), extra) }
  })
}

type StoredModel = Omit<ModelRow, 'openWeights'> & { openWeights: number | null }
type Capability = ModelRows['capabilities'][number]

const statements = perConnection((db) => {
  const models = `SELECT pk, provider, model_id AS modelId, name, description, family,
      canonical_model_id AS canonicalModelId, release_date AS releaseDate, last_updated AS lastUpdated, knowledge,
      open_weights AS openWeights, status, capabilities, modalities, limits, costs, reasoning_options AS reasoningOptions,
      extra, digest
    FROM model`
  const ofSet = <Row>(sql: string) => {
    const rows = db.prepare<[number], Row>(sql)
    return (set: number | null | undefined) => (typeof set === 'number' ? rows.all(set) : [])
  }
  const capabilities = ofSet<Omit<Capability, 'supported'> & { supported: number }>(
    'SELECT id, capability, supported, detail FROM capability_set WHERE id = ?',
  )
  const modalities = ofSet<ModelRows['modalities'][number]>(
    'SELECT id, direction, position, modality FROM modality_set WHERE id = ? ORDER BY direction, position',
  )
  const limits = ofSet<ModelRows['limits'][number]>('SELECT id, kind, tokens FROM limit_set WHERE id = ?')
  const costs = ofSet<ModelRows['costs'][number]>(
    'SELECT id, kind, usd_per_mtok AS usdPerMtok FROM cost_set WHERE id = ?',
  )
  const tiers = ofSet<ModelRows['tiers'][number]>(
    'SELECT id, position, type, size, kind, usd_per_mtok AS usdPerMtok FROM cost_tier_set WHERE id = ?',
  )
  const reasoningOptions = ofSet<ModelRows['reasoningOptions'][number]>(
    'SELECT id, position, type, option FROM reasoning_option_set WHERE id = ? ORDER BY position',
  )
  return {
    all: db.prepare<[], StoredModel>(`${models} ORDER BY pk`),
    byIds: db.prepare<[string], StoredModel>(
      `${models} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY pk`,
    ),
    rowsOf: (model: StoredModel): ModelRows => ({
      model: { ...model, openWeights: model.openWeights === null ? null : Boolean(model.openWeights) },
      capabilities: capabilities(model.capabilities).map((row) => ({
        ...row,
        supported: Boolean(row.supported),
      })),
      modalities: modalities(model.modalities),
      limits: limits(model.limits),
      costs: costs(model.costs),
      tiers: tiers(model.costs),
      reasoningOptions: reasoningOptions(model.reasoningOptions),
    }),
  }
})

function merged(rebuilt: Json, extra: string | null | undefined): Json {
  const sent = known(rebuilt)
  return extra ? (merge(sent, JSON.parse(extra)) as Json) : sent
}

/** What a provider's rows say, in upstream's field names; null where they say nothing. `extra` is not among it. */
function providerFromRows({ provider, env }: ProviderRows): Json {
  const { id, name, npm, api, doc } = provider
  return { id, name, npm, api, doc, env: listOf(env) }
}

/** What a model's rows say; see {@link providerFromRows}. */
function modelFromRows(rows: ModelRows): Json {
  const { model } = rows
  const said: Json = {
    id: model.modelId,
    name: model.name,
    description: model.description,
    family: model.family,
    canonical_model_id: model.canonicalModelId,
    release_date: model.releaseDate,
    last_updated: model.lastUpdated,
    knowledge: model.knowledge,
    open_weights: model.openWeights,
    status: model.status,
    modalities: modalitiesFromRows(rows.modalities),
    reasoning_options: listOf(rows.reasoningOptions.map((row) => JSON.parse(row.option))),
  }
  for (const { capability, supported, detail } of rows.capabilities) {
    said[capability] = detail ? JSON.parse(detail) : supported
  }
  if (rows.limits.length > 0) {
    const limit: Json = {}
    for (const { kind, tokens } of rows.limits) limit[kind] = tokens
    said.limit = limit
  }
  if (rows.costs.length > 0 || rows.tiers.length > 0) {
    const cost: Json = {}
    for (const { kind, usdPerMtok } of rows.costs) cost[kind] = usdPerMtok
    if (rows.tiers.length > 0) cost.tiers = tiersFromRows(rows.tiers)
    said.cost = cost
  }
  return said
}

function modalitiesFromRows(rows: ModelRows['modalities']): Json | null {
  const modalities: Record<string, string[]> = {}
  for (const { direction, modality } of rows) {
    const listed = modalities[direction]
    if (listed === undefined) modalities[direction] = [modality]
    else listed.push(modality)
  }
  return rows.length > 0 ? modalities : null
}

function tiersFromRows(rows: ModelRows['tiers']): Json[] {
  const tiers: Json[] = []
  for (const { position, type, size, kind, usdPerMtok } of rows) {
    const tier = tiers[position] ?? tierHead(type, size)
    tier[kind] = usdPerMtok
    tiers[position] = tier
  }
  return tiers
}

function tierHead(type: unknown, size: unknown): Json {
  const tier = known({ type, size })
  return Object.keys(tier).length > 0 ? { tier } : {}
}

/** What the rows say, with what they cannot say over it. */
function merge(rebuilt: unknown, rest: unknown): unknown {
  if (!isRecord(rebuilt) || !isRecord(rest)) return rest
  const members = Object.entries(rest).map(([key, value]): [string, unknown] => [
    key,
    Object.hasOwn(rebuilt, key) ? merge(rebuilt[key], value) : value,
  ])
  return { ...rebuilt, ...Object.fromEntries(members) }
}

/** Without what the rows do not say: it was not sent, or stands in `extra`. */
function known(members: Json): Json {
  const object: Json = {}
  for (const key of Object.keys(members)) {
    if (members[key] !== null && members[key] !== undefined) object[key] = members[key]
  }
  return object
}

/** A list, null where it is empty: no row tells an empty one from none. */
function listOf<T>(items: T[]): T[] | null {
  return items.length > 0 ? items : null
}
