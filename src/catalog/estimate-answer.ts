import { z } from 'zod'
import { TOKEN_KINDS } from './token-kinds.ts'

const moneySchema = z.string().meta({ description: 'USD, an exact decimal.' })

export const estimateSchema = z
  .object({
    id: z.string(),
    currency: z.literal('USD'),
    tier: z
      .object({ type: z.literal('context'), size: z.int() })
      .nullable()
      .meta({ description: 'The tier whose prices hold for the whole request; null for the usual prices.' }),
    lines: z
      .array(
        z.object({
          kind: z.enum(TOKEN_KINDS),
          tokens: z.int(),
          usd_per_mtok: z.number().meta({ description: 'USD per 1M tokens.' }),
          usd: moneySchema,
        }),
      )
      .meta({ description: 'One for each kind that has tokens.' }),
    usd_per_request: moneySchema,
    requests: z.int(),
    usd_total: moneySchema,
    assumptions: z
      .array(z.string())
      .meta({ description: 'What upstream does not say and was taken to be so.' }),
    warnings: z
      .array(z.string())
      .meta({ description: 'Why the request may not be possible, or cost something else.' }),
  })
  .meta({ id: 'CatalogEstimate', description: 'What requests to a model cost.' })

export type Estimate = z.infer<typeof estimateSchema>
