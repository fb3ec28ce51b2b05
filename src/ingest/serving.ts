import { CAPABILITIES } from '../db/capabilities.ts'
import type { RowOf } from '../db/insert.ts'
import {
  equalityKey,
  fold,
  gramTokens,
  runs,
  type Searchable,
  spacedText,
  startsText,
} from '../db/search-text.ts'
import type { UpstreamModel } from '../source/upstream.ts'
import type { Placed } from './order.ts'

/** What the serving tables and indexes hold of one entry. */
export interface ServingRows {
  entry: RowOf<'entry'>
  /** The finished InferenceCatalogEntry. */
  body: RowOf<'entryBody'>
  text: RowOf<'entryText'>
  /** Columns of the trigram index: id and name, a line each, and what stands at their runs' starts. */
  folded: string
  starts: string
  /** Tokens of the gram index, a blank between them. */
  grams: string
  /** The runs of id and name. */
  runs: (readonly string[])[]
}

export function servingRows(pk: number, placed: Placed): ServingRows {
  const { provider, modelId, model } = placed
  const id = `${provider}/${modelId}`
  const searchedId = searchable(id)
  const searchedName = searchable(model.name ?? '')
  const foldedSegment = fold(modelId.slice(modelId.lastIndexOf('/') + 1))
  return {
    entry: {
      id: pk,
      provider: provider.toLowerCase(),
      capabilities: capabilityBits(model),
      // Image and speech models carry a context of 0, which bounds nothing.
      context: model.limit?.context || null,
      price: higherPrice(model),
      openWeights: model.open_weights ?? null,
      deprecated: placed.deprecated,
      party: placed.party,
      featured: placed.featured,
      recency: placed.recency,
      lab: placed.lab,
    },
    body: { id: pk, json: JSON.stringify(catalogEntry(id, provider, model)) },
    text: {
      id: pk,
      idKey: equalityKey(searchedId.folded),
      modelKey: equalityKey(fold(modelId)),
      segmentKey: equalityKey(foldedSegment),
      nameKey: model.name ? equalityKey(searchedName.folded) : null,
      spaced: `${spacedText(searchedId.runs)}\n${spacedText(searchedName.runs)}`,
      lowerId: id.toLowerCase(),
      foldedSegment,
    },
    folded: `${searchedId.folded}\n${searchedName.folded}`,
    starts: startsText([searchedId, searchedName]),
    grams: gramTokens([searchedId, searchedName]),
    runs: [searchedId.runs, searchedName.runs],
  }
}

function searchable(text: string): Searchable {
  const folded = fold(text)
  return { folded, runs: runs(folded) }
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

function capabilityBits(model: UpstreamModel): number {
  return CAPABILITIES.reduce((bits, capability, place) => (model[capability] ? bits | (1 << place) : bits), 0)
}

function higherPrice({ cost }: UpstreamModel): number | null {
  const known = [cost?.input, cost?.output].filter((price) => typeof price === 'number')
  return known.length > 0 ? Math.max(...known) : null
}
