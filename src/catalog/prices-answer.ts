import { z } from 'zod'
import type { TokenKind } from './token-kinds.ts'

const priceSchema = z.number().nullable()

export const pricesSchema = z
  .object({
    input: priceSchema,
    output: priceSchema,
    cache_read: priceSchema,
    cache_write: priceSchema,
    reasoning: priceSchema,
    input_audio: priceSchema,
    output_audio: priceSchema,
  } satisfies Record<TokenKind, typeof priceSchema>)
  .catchall(priceSchema)
  .meta({
    id: 'CatalogPrices',
    description: 'USD per 1M tokens by kind of token, as upstream sent them; null where none is stated.',
  })

export const priceTierSchema = z
  .object({
    type: z
      .string()
      .nullable()
      .meta({ description: 'What `size` counts: `context` for tokens of the prompt.' }),
    size: z.int().nullable().meta({ description: 'The tier holds above it.' }),
    prices: pricesSchema,
  })
  .meta({ id: 'CatalogPriceTier', description: 'Prices of large requests; null where the usual one holds.' })

export const tokenLimitsSchema = z
  .object({ context: z.int().nullable(), input: z.int().nullable(), output: z.int().nullable() })
  .catchall(z.int().nullable())
  .meta({ id: 'CatalogTokenLimits', description: 'Tokens, by kind of limit; null where none is stated.' })

export type Prices = z.infer<typeof pricesSchema>
export type PriceTier = z.infer<typeof priceTierSchema>
export type TokenLimits = z.infer<typeof tokenLimitsSchema>
