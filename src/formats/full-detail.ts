import { z } from 'zod'
import { getter } from '../catalog/get.ts'
import { litellmModel } from '../catalog/litellm-providers.ts'
import { type Overlaid, readOverlaid } from '../catalog/overlaid.ts'
import { readPriceList } from '../catalog/price-list.ts'
import { pricesSchema, priceTierSchema, tokenLimitsSchema } from '../catalog/prices-answer.ts'
import { PARTIES, readStanding } from '../catalog/standing.ts'
import type { Database } from '../db/open.ts'
import { allFieldsOf } from '../ingest/merge-patch.ts'
import { readModels } from '../ingest/read-back.ts'

const objectSchema = z.record(z.string(), z.unknown())

const overlaidFieldSchema = z.object({
  overlay: z.unknown().meta({ description: 'What the overlay says; null where it removes the field.' }),
  upstream: z.unknown().meta({ description: 'What upstream sent; null for nothing.' }),
})

/** What a full detail says beside the keys of the contract's InferenceCatalogEntry, which come first. */
export const furtherDetailSchema = z
  .object({
    description: z.string().nullable().meta({ description: 'Prose, where the source has it.' }),
    family: z.string().nullable(),
    lab: z.string().meta({ description: 'Whose model it is.' }),
    canonical_model_id: z.string().nullable(),
    last_updated: z.string().nullable().meta({ description: 'As upstream writes it.' }),
    deprecated: z.boolean(),
    featured: z.boolean().meta({ description: 'Whether it is of the curated set.' }),
    party: z.enum(PARTIES).meta({ description: 'Who offers it: its maker, a well-known host, or another.' }),
    prices: pricesSchema.nullable(),
    tiers: z.array(priceTierSchema),
    token_limits: tokenLimitsSchema.nullable(),
    reasoning_options: z.array(objectSchema).nullable(),
    interleaved: z.union([z.boolean(), objectSchema]).nullable(),
    experimental: z.unknown().meta({ description: 'Modes and other trials, as sent; null for none.' }),
    provider_overrides: z.unknown().meta({
      description: 'What of the provider differs for this model, such as `npm` or `api`; null for nothing.',
    }),
    litellm_model: z.string().nullable().meta({
      description: 'What LiteLLM’s calls name it; null where LiteLLM does not know its provider.',
    }),
    overlay: z.record(z.string(), overlaidFieldSchema).nullable().meta({
      description: 'The fields that the overlay decides, by dotted name; null where all is upstream’s.',
    }),
    upstream: objectSchema
      .nullable()
      .meta({ description: 'The model as upstream sent it; null where only the overlay has it.' }),
  })
  .meta({ id: 'CatalogFurtherDetail', description: 'What is known of a model beside its entry.' })

/**
 * All that is known of one model, as JSON text: its entry, what stands beside it, and what upstream sent.
 * @throws AppError `not_found`, its message offering up to three near ids
 */
export function fullDetail(db: Database, provider: string, modelId: string): string {
  const entry = getter(db)(provider, modelId)
  const further = JSON.stringify(furtherDetail(db, provider, modelId))
  return `${entry.slice(0, -1)},${further.slice(1)}`
}

function furtherDetail(db: Database, provider: string, modelId: string): z.infer<typeof furtherDetailSchema> {
  const id = `${provider}/${modelId}`
  const [found] = readModels(db, [id])
  const standing = readStanding(db, id)
  const list = readPriceList(db, id)
  if (found === undefined || standing === undefined || list === undefined) {
    throw new Error(`${id} has an entry, but is no model`)
  }
  const { model } = found
  const overlaid = readOverlaid(db, id)
  return {
    description: model.description ?? null,
    family: model.family ?? null,
    lab: standing.lab,
    canonical_model_id: model.canonical_model_id ?? null,
    last_updated: model.last_updated ?? null,
    deprecated: standing.deprecated,
    featured: standing.featured,
    party: standing.party,
    prices: list.prices,
    tiers: list.tiers,
    token_limits: list.limits,
    reasoning_options: model.reasoning_options ?? null,
    interleaved: model.interleaved ?? null,
    experimental: model.experimental ?? null,
    provider_overrides: model.provider ?? null,
    litellm_model: litellmModel(provider, modelId) ?? null,
    overlay: overlaid === undefined ? null : overlaidFields(overlaid),
    upstream: overlaid === undefined ? model : (overlaid.original ?? null),
  }
}

function overlaidFields({ original, fields }: Overlaid): z.infer<typeof furtherDetailSchema>['overlay'] {
  const sent = new Map(allFieldsOf(original ?? {}))
  const sides = [...fields].map(([field, value]): [string, z.infer<typeof overlaidFieldSchema>] => [
    field,
    { overlay: value ?? null, upstream: sent.get(field) ?? null },
  ])
  return Object.fromEntries(sides)
}
