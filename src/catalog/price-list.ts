import type { Database } from '../db/open.ts'
import { perConnection } from '../db/per-connection.ts'
import type { Prices, PriceTier, TokenLimits } from './prices-answer.ts'
import { TOKEN_KINDS, type TokenKind } from './token-kinds.ts'

/** What one model costs and takes, all that is known. */
export interface PriceList {
  /** Null where no price is stated at all. */
  prices: Prices | null
  tiers: PriceTier[]
  limits: TokenLimits | null
}

/** Where the tier of `context_over_200k` begins, in tokens: older catalogs write their one tier so. */
const LEGACY_TIER_SIZE = 200_000

/** Of the models whose keys are in a list, as JSON. */
const statements = perConnection((db) => {
  const amounts = (select: string) =>
    db
      .prepare<[string], [model: number, ...Amount]>(
        `${select} WHERE model IN (SELECT value FROM json_each(?)) ORDER BY model, kind`,
      )
      .raw()
  return {
    key: db.prepare<[string], number>('SELECT pk FROM model WHERE id = ?').pluck(),
    costs: amounts('SELECT model, kind, usd_per_mtok FROM model_cost'),
    limits: amounts('SELECT model, kind, tokens FROM model_limit'),
    tiers: db.prepare<[string], TierRow>(
      `SELECT model, position, type, size, kind, usd_per_mtok AS usd FROM model_cost_tier
       WHERE model IN (SELECT value FROM json_each(?)) ORDER BY model, position, kind`,
    ),
    legacy: db
      .prepare<[string], [model: number, json: string | null]>(
        `SELECT pk, extra -> '$.cost.context_over_200k' FROM json_each(?) CROSS JOIN model ON pk = value
         WHERE extra IS NOT NULL`,
      )
      .raw(),
  }
})

/** Undefined where the catalog has no such model. */
export function readPriceList(db: Database, id: string): PriceList | undefined {
  const model = statements(db).key.get(id)
  return model === undefined ? undefined : readPriceLists(db, [model]).get(model)
}

/** Of models by their keys, which the catalog has. */
export function readPriceLists(db: Database, models: readonly number[]): Map<number, PriceList> {
  const asked = JSON.stringify(models)
  const read = statements(db)
  const costs = amountsOf(read.costs.all(asked))
  const limits = amountsOf(read.limits.all(asked))
  const tiers = tiersByModel(read.tiers.all(asked))
  const legacy = new Map(read.legacy.all(asked))
  return new Map(
    models.map((model) => {
      const prices = costs.get(model)
      const stated = limits.get(model)
      return [
        model,
        {
          prices: prices === undefined ? null : pricesOf(prices),
          tiers: tiers.get(model) ?? legacyTiers(legacy.get(model) ?? null),
          limits:
            stated === undefined
              ? null
              : { context: null, input: null, output: null, ...Object.fromEntries(stated) },
        },
      ]
    }),
  )
}

type Amount = [kind: string, amount: number]

function amountsOf(rows: readonly [model: number, ...Amount][]): Map<number, Amount[]> {
  const found = new Map<number, Amount[]>()
  for (const [model, kind, amount] of rows) {
    const amounts = found.get(model)
    if (amounts === undefined) found.set(model, [[kind, amount]])
    else amounts.push([kind, amount])
  }
  return found
}

interface TierRow extends Pick<PriceTier, 'type' | 'size'> {
  model: number
  position: number
  kind: string
  usd: number
}

function tiersByModel(rows: readonly TierRow[]): Map<number, PriceTier[]> {
  const ofModels = Map.groupBy(rows, ({ model }) => model)
  return new Map(ofModels.entries().map(([model, ofModel]) => [model, tiersOf(ofModel)]))
}

function tiersOf(rows: readonly TierRow[]): PriceTier[] {
  return [...Map.groupBy(rows, ({ position }) => position).values()].map((prices) => ({
    type: prices[0]?.type ?? null,
    size: prices[0]?.size ?? null,
    prices: pricesOf(prices.map(({ kind, usd }): Amount => [kind, usd])),
  }))
}

/** The same tier as `tiers` would have it, which come with it in the catalogs that know both. */
function legacyTiers(json: string | null): PriceTier[] {
  const sent: unknown = json === null ? null : JSON.parse(json)
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return []
  const prices = Object.entries(sent).filter((price): price is Amount => typeof price[1] === 'number')
  return prices.length > 0 ? [{ type: 'context', size: LEGACY_TIER_SIZE, prices: pricesOf(prices) }] : []
}

function pricesOf(amounts: readonly Amount[]): Prices {
  const none = Object.fromEntries(TOKEN_KINDS.map((kind) => [kind, null])) as Record<TokenKind, null>
  return { ...none, ...Object.fromEntries(amounts) }
}
