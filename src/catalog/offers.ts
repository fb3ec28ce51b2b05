import { Big } from 'big.js'
import { z } from 'zod'
import type { Database } from '../db/open.ts'
import { perConnection } from '../db/per-connection.ts'
import { allReadings, lastSegment, OFFER_RULES, type OfferRule } from '../db/spellings.ts'
import { AppError } from '../errors.ts'
import { entrySchema } from './entry.ts'
import { didYouMean } from './get.ts'
import { type FoundOffer, offeredModels } from './offered-models.ts'

const MAX_NEAR_MODELS = 3

const offerSchema = z
  .object({
    matched_by: z.enum(OFFER_RULES).meta({ description: 'How it is known to be an offer of this model.' }),
    is_certain: z.boolean().meta({ description: 'Whether upstream says so, or the ids only tell it.' }),
    price: z
      .string()
      .nullable()
      .meta({ description: 'USD for 1M tokens in and 1M tokens out, exact; null where either is unknown.' }),
    is_free: z.boolean().meta({ description: 'Whether both prices are 0: free, or part of a subscription.' }),
    entry: entrySchema,
  })
  .meta({ id: 'CatalogOffer', description: 'A model at one provider.' })

export const offersSchema = z
  .object({
    model: z.string().meta({ description: '`lab/model`, as upstream writes it.' }),
    offers: z.array(offerSchema).meta({ description: 'The cheapest first, unknown prices last.' }),
    total: z.int().nonnegative(),
  })
  .meta({ id: 'CatalogOffers', description: 'One model at all providers that serve it.' })

type Offer = z.infer<typeof offerSchema>
export type CatalogOffers = z.infer<typeof offersSchema>

/**
 * The same model at every provider, the cheapest first.
 * @param id `lab/model`, or the id of any entry that offers it; letter case does not count
 * @throws AppError `not_found`, its message offering models that are called alike
 */
export function readOffers(db: Database, id: string): CatalogOffers {
  const models = offeredModels(db)
  const [entry] = models.rowsOf(id)
  const offersOfId = models.offersOf(id)
  const name = offersOfId.length > 0 ? spelling(models.called(lastSegment(id)), id) : undefined
  const model = name ?? (entry && models.modelOf(entry.row))
  if (model === undefined) {
    const near = new Set(allReadings(id).flatMap(({ text }) => models.called(text)))
    throw new AppError('not_found', `No model ${id}.${didYouMean([...near].slice(0, MAX_NEAR_MODELS))}`)
  }
  const offers = readEntries(db, name === undefined ? models.offersOf(model) : offersOfId)
  return { model, offers, total: offers.length }
}

/** As the catalog writes it. */
function spelling(names: readonly string[], id: string): string {
  return names.find((name) => name.toLowerCase() === id.toLowerCase()) ?? id
}

const entriesOf = perConnection((db) =>
  db.prepare<[string], { row: number; json: string }>(
    `SELECT m.pk AS row, b.json FROM json_each(?) j JOIN model m ON m.pk = j.value JOIN entry_body b ON b.id = m.pk
     ORDER BY m.provider, m.model_id`,
  ),
)

function readEntries(db: Database, found: readonly FoundOffer[]): Offer[] {
  const matchedBy = new Map(found.map((offer) => [offer.row, offer.matchedBy]))
  return entriesOf(db)
    .all(JSON.stringify([...matchedBy.keys()]))
    .map(({ row, json }) => priced(JSON.parse(json), matchedBy.get(row) ?? 'own_id'))
    .sort((a, b) => comparePrices(a.price, b.price))
    .map(({ offer }) => offer)
}

interface Priced {
  /** Null: unknown. */
  price: Big | null
  offer: Offer
}

function priced(entry: Offer['entry'], matchedBy: OfferRule): Priced {
  const { input, output } = entry.cost ?? { input: null, output: null }
  const price = input === null || output === null ? null : new Big(input).plus(output)
  return {
    price,
    offer: {
      matched_by: matchedBy,
      is_certain: matchedBy === 'canonical_model_id' || matchedBy === 'own_id',
      price: price?.toFixed() ?? null,
      is_free: price?.eq(0) ?? false,
      entry,
    },
  }
}

function comparePrices(a: Big | null, b: Big | null): number {
  return a === null || b === null ? Number(a === null) - Number(b === null) : a.cmp(b)
}
