import { CAPABILITIES } from '../db/capabilities.ts'
import { NO_STATUS, type TraitSet } from '../db/entry-sets.ts'
import type { RowOf } from '../db/insert.ts'
import {
  endsAs,
  equalityKey,
  equalityKeyOf,
  fold,
  type Searchable,
  searchable,
  trim,
} from '../db/search-text.ts'
import type { UpstreamModel } from '../source/schema.ts'
import type { Placed } from './order.ts'

/** What the serving tables, the sets and the index hold of one entry. */
export interface ServingRows {
  entry: RowOf<'entry'>
  /** The finished InferenceCatalogEntry. */
  body: RowOf<'entryBody'>
  keys: RowOf<'entryKey'>[]
  sets: [kind: TraitSet, value: string][]
  /** Context window in tokens; null where unknown or 0. */
  context: number | null
  /** The higher known one of input and output price, USD per 1M tokens. */
  price: number | null
  /** Id and name. */
  searched: readonly Searchable[]
  /** Those of them that say where runs begin; a name that the id ends with, as most do, says nothing new. */
  sequenced: readonly Searchable[]
  /** The model ID's last segment and the name. */
  titles: readonly Searchable[]
  /** What it is called: its name, else its id; folded. */
  sortName: string
}

export function servingRows(pk: number, placed: Placed): ServingRows {
  const { provider, modelId, model } = placed
  const id = `${provider}/${modelId}`
  const searchedId = searchable(id)
  const searchedName = searchable(model.name ?? '')
  const segment = searchable(modelId.slice(modelId.lastIndexOf('/') + 1))
  const titles = model.name ? [segment, searchedName] : [segment]
  return {
    entry: {
      id: pk,
      deprecated: placed.deprecated,
      party: placed.party,
      featured: placed.featured,
      lab: placed.lab,
    },
    body: { id: pk, json: JSON.stringify(catalogEntry(id, provider, model)) },
    keys: wholeKeys(searchedId, modelId, titles).map(([kind, key]) => ({ kind, key, entry: pk })),
    sets: setsOf(provider, model),
    // Image and speech models carry a context of 0, which bounds nothing.
    context: model.limit?.context || null,
    price: higherPrice(model),
    searched: [searchedId, searchedName],
    sequenced: endsAs(searchedId, searchedName) ? [searchedId] : [searchedId, searchedName],
    titles,
    sortName: searchedName.folded || searchedId.folded,
  }
}

type WholeKey = [kind: RowOf<'entryKey'>['kind'], key: string]

function wholeKeys(id: Searchable, modelId: string, titles: readonly Searchable[]): WholeKey[] {
  const titleKeys = new Set(titles.map(equalityKeyOf))
  const keys: WholeKey[] = [['id', equalityKeyOf(id)]]
  for (const key of titleKeys) keys.push(['title', key])
  // One of a single segment is a title itself.
  if (modelId.includes('/')) {
    const model = equalityKey(fold(modelId))
    if (!titleKeys.has(model)) keys.push(['model', model])
  }
  return keys
}

/** What a filter finds the entry by. */
function setsOf(provider: string, model: UpstreamModel): [kind: TraitSet, value: string][] {
  const sets: [kind: TraitSet, value: string][] = [['provider', provider.toLowerCase()]]
  for (const capability of CAPABILITIES) if (model[capability]) sets.push(['capability', capability])
  if (typeof model.open_weights === 'boolean') sets.push(['open_weights', String(Number(model.open_weights))])
  sets.push(['status', inLowerCase([model.status])[0] ?? NO_STATUS])
  for (const family of inLowerCase([model.family])) sets.push(['family', family])
  for (const modality of inLowerCase(model.modalities?.input)) sets.push(['input_modality', modality])
  for (const modality of inLowerCase(model.modalities?.output)) sets.push(['output_modality', modality])
  return sets
}

/** Texts as filters compare them, each once; blank ones say nothing. */
function inLowerCase(texts: readonly (string | null | undefined)[] | null | undefined): string[] {
  const all = (texts ?? []).map((text) => trim(text ?? '').toLowerCase())
  return [...new Set(all)].filter((word) => word !== '')
}

/** The contract's InferenceCatalogEntry: every key, in its order, null where upstream says nothing. */
function catalogEntry(id: string, provider: string, model: UpstreamModel) {
  const { cost, limit, modalities } = model
  return {
    id,
    provider,
    name: model.name ?? null,
    capabilities: CAPABILITIES.filter((capability) => model[capability]),
    cost: cost ? { input: cost.input ?? null, output: cost.output ?? null } : null,
    limits: limit ? { context: limit.context ?? null, output: limit.output ?? null } : null,
    modalities: modalities ? { input: modalities.input ?? [], output: modalities.output ?? [] } : null,
    knowledge: model.knowledge ?? null,
    open_weights: model.open_weights ?? null,
    release_date: model.release_date ?? null,
    status: model.status ?? null,
  }
}

function higherPrice({ cost }: UpstreamModel): number | null {
  const known = [cost?.input, cost?.output].filter((price) => typeof price === 'number')
  return known.length > 0 ? Math.max(...known) : null
}
