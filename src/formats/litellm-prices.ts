import { Big } from 'big.js'
import { isRecord } from '../source/schema.ts'

/** What LiteLLM calls the price of models.dev's kind. */
const PRICE_KEYS: ReadonlyMap<string, string> = new Map([
  ['input', 'input_cost_per_token'],
  ['output', 'output_cost_per_token'],
  ['cache_read', 'cache_read_input_token_cost'],
  ['cache_write', 'cache_creation_input_token_cost'],
  ['reasoning', 'output_cost_per_reasoning_token'],
  ['input_audio', 'input_cost_per_audio_token'],
  ['output_audio', 'output_cost_per_audio_token'],
])

/** Kinds that LiteLLM reads as `KEY_above_Nk_tokens`. */
const KINDS_ABOVE = new Set(['input', 'output', 'cache_read', 'cache_write'])
/** Thresholds it reads so, in thousands of input tokens. */
const THRESHOLDS_ABOVE = new Set([128, 200, 256, 272, 512])

/** Significant digits at which binary noise shows, and the most that a price has without it. */
const NOISE_DIGITS = 14
const PRICE_DIGITS = 12

/** USD per token, by LiteLLM's keys. */
export interface TokenPrices {
  [key: string]: number | PriceRange[]
}

/** Prices for requests of more input tokens than the first bound, up to the second. */
interface PriceRange {
  range: [number, number]
  [key: string]: number | [number, number]
}

interface Tier {
  /** Input tokens above which it holds. */
  above: number
  prices: Record<string, unknown>
}

/**
 * USD per 1M tokens → USD per token. A price whose first 14 significant digits are a decimal of at most 12 is that
 * decimal (0.049999999999999996 is 0.05); all else stays as sent.
 */
function perToken(usdPerMtok: number): number {
  const rounded = new Big(usdPerMtok).prec(NOISE_DIGITS)
  const price = rounded.c.length <= PRICE_DIGITS ? rounded : new Big(usdPerMtok)
  return price.times('1e-6').toNumber()
}

/** What a model's `cost` says. `longest` is its context window in tokens, where that is known. */
export function tokenPrices(cost: Record<string, unknown>, longest: number | undefined): TokenPrices {
  const base = pricesOf(cost)
  const tiers = tiersOf(cost)
  const [only] = tiers
  if (only === undefined) return base
  if (tiers.length === 1 && isNamed(only)) return { ...base, ...pricesAbove(only) }
  return { ...base, tiered_pricing: priceRanges(cost, tiers, longest) }
}

function pricesOf(cost: Record<string, unknown>): Record<string, number> {
  const prices: Record<string, number> = {}
  for (const [kind, key] of PRICE_KEYS) {
    const usdPerMtok = cost[kind]
    if (isPrice(usdPerMtok)) prices[key] = perToken(usdPerMtok)
  }
  return prices
}

/** A negative number stands for a price that depends on the request: unknown. */
function isPrice(value: unknown): value is number {
  return typeof value === 'number' && value >= 0
}

/** By threshold, ascending; of a catalog older than tiers, the one it had. */
function tiersOf(cost: Record<string, unknown>): Tier[] {
  if (!Array.isArray(cost.tiers)) {
    const legacy = cost.context_over_200k
    return isRecord(legacy) ? [{ above: 200_000, prices: legacy }] : []
  }
  return cost.tiers
    .flatMap((prices: unknown) => {
      if (!isRecord(prices) || !isRecord(prices.tier)) return []
      const { type, size } = prices.tier
      return type === 'context' && typeof size === 'number' ? [{ above: threshold(size), prices }] : []
    })
    .sort((a, b) => a.above - b.above)
}

/** Some hosts send the first token that costs more (200,001), not the last that does not. */
function threshold(size: number): number {
  return size % 1_000 === 1 ? size - 1 : size
}

function isNamed({ above, prices }: Tier): boolean {
  const kinds = Object.keys(prices).filter((kind) => PRICE_KEYS.has(kind))
  return THRESHOLDS_ABOVE.has(above / 1_000) && kinds.every((kind) => KINDS_ABOVE.has(kind))
}

function pricesAbove({ above, prices }: Tier): Record<string, number> {
  const named = Object.entries(pricesOf(prices))
  return Object.fromEntries(named.map(([key, price]) => [`${key}_above_${above / 1_000}k_tokens`, price]))
}

function priceRanges(
  cost: Record<string, unknown>,
  tiers: readonly Tier[],
  longest: number | undefined,
): PriceRange[] {
  const steps = [{ above: 0, prices: cost }, ...tiers]
  return steps.map(({ above, prices }, at) => {
    // LiteLLM bills all that is longer than the last range as it bills that one.
    const upTo = steps[at + 1]?.above ?? Math.max(longest ?? 0, above + 1)
    return { range: [above, upTo], ...pricesOf(prices) }
  })
}
