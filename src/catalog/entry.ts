import { z } from 'zod'
import { CAPABILITIES } from '../db/capabilities.ts'

/** As upstream sent it, however large. */
const tokens = z.number().meta({ type: 'integer' }).nullable().meta({ description: 'Tokens.' })
const price = z.number().nullable().meta({ description: 'USD per 1M tokens.' })

const costSchema = z
  .object({ input: price, output: price })
  .meta({ id: 'CatalogCost', description: 'Prices. Free is 0, unknown is null.' })

const limitsSchema = z
  .object({ context: tokens, output: tokens })
  .meta({ id: 'CatalogLimits', description: 'The context window and the longest answer.' })

const mediaSchema = z.array(z.string()).meta({ examples: [['text', 'image']] })
const modalitiesSchema = z
  .object({ input: mediaSchema, output: mediaSchema })
  .meta({ id: 'CatalogModalities', description: 'What goes in, and what comes out.' })

/** What `entry_body` holds as finished text. */
export const entrySchema = z
  .object({
    id: z.string().meta({ description: '`provider/model_id`.' }),
    provider: z.string().meta({ description: 'Who serves the model.' }),
    name: z.string().nullable().meta({ description: 'Display name.' }),
    capabilities: z.array(z.enum(CAPABILITIES)).meta({ description: 'What the model supports.' }),
    cost: costSchema.nullable(),
    limits: limitsSchema.nullable(),
    modalities: modalitiesSchema.nullable(),
    knowledge: z.string().nullable().meta({ description: 'Knowledge cutoff, `YYYY-MM` or `YYYY-MM-DD`.' }),
    open_weights: z.boolean().nullable().meta({ description: 'Whether the weights are open.' }),
    release_date: z.string().nullable().meta({ description: 'As written upstream.' }),
    status: z.string().nullable().meta({
      description: '`alpha`, `beta` or `deprecated`; null for a model in service.',
    }),
  })
  .meta({ id: 'InferenceCatalogEntry', description: 'A model. Every key is there; unknown is null.' })

export const entryListSchema = z
  .object({
    models: z.array(entrySchema),
    total: z.int().nonnegative().meta({ description: 'All matches, whatever the page holds.' }),
  })
  .meta({ id: 'InferenceCatalogListResponse', description: 'A page of models.' })
