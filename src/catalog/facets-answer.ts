import { z } from 'zod'

const amount = z.int().nonnegative()
const texts = z.array(z.object({ value: z.string(), count: amount }))
const textsOrUnknown = z.array(z.object({ value: z.string().nullable(), count: amount }))
const histogram = z.object({
  unknown: amount.meta({ description: 'How many have no known value.' }),
  buckets: z.array(
    z.object({
      min: z.number().meta({ description: 'Of a price exclusive, but for free; of a context inclusive.' }),
      max: z.number().nullable().meta({ description: 'Inclusive; null for no bound.' }),
      count: amount,
    }),
  ),
})

export const facetsSchema = z
  .object({
    total: amount.meta({ description: 'How many entries match.' }),
    provider: texts,
    capability: texts,
    family: textsOrUnknown,
    status: textsOrUnknown,
    input_modality: textsOrUnknown,
    output_modality: textsOrUnknown,
    open_weights: z.array(z.object({ value: z.boolean().nullable(), count: amount })),
    price: histogram,
    context: histogram,
  })
  .meta({ id: 'CatalogFacets', description: 'How many matches have what; the most frequent first.' })

export type Facets = z.infer<typeof facetsSchema>
export type Histogram = z.infer<typeof histogram>
