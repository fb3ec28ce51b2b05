import Big from 'big.js'
import type { Database } from '../db/open.ts'
import { AppError } from '../errors.ts'
import type { Estimate } from './estimate-answer.ts'
import type { EstimateCase, Usage } from './estimate-params.ts'
import { noSuchModel } from './get.ts'
import { type PriceList, readPriceList } from './price-list.ts'
import type { Prices, PriceTier } from './prices-answer.ts'
import { TOKEN_KINDS, type TokenKind } from './token-kinds.ts'

/** What goes into a request, which decides its tier, and what comes out. */
const PROMPT_KINDS: readonly TokenKind[] = ['input', 'cache_read', 'cache_write', 'input_audio']
const ANSWER_KINDS: readonly TokenKind[] = ['output', 'reasoning', 'output_audio']

/** As which kind another one is often billed. */
const BILLED_AS: ReadonlyMap<TokenKind, TokenKind> = new Map([
  ['reasoning', 'output'],
  ['input_audio', 'input'],
  ['output_audio', 'output'],
])

/** Prices are per so many tokens: exactly its inverse, as a division would be rounded. */
const PER_MTOK = new Big('0.000001')

/**
 * What requests to a model of the catalog cost.
 * @throws AppError `not_found`, or `invalid` where a price that is needed is unknown
 */
export function estimateModel(db: Database, asked: EstimateCase): Estimate {
  const { id, ...usage } = asked
  const list = readPriceList(db, id)
  if (list === undefined) {
    const slash = id.indexOf('/')
    throw noSuchModel(db)(id.slice(0, slash), id.slice(slash + 1))
  }
  const reckoned = reckon(usage, list)
  if (typeof reckoned === 'string') throw unknownCost(id, reckoned)
  return estimate(id, usage, list, reckoned)
}

export function unknownCost(id: string, why: string): AppError {
  return new AppError('invalid', `${id}: ${why}`)
}

/** What one request costs. */
export interface Reckoning {
  usdPerRequest: Big
  tier: ContextTier | null
  lines: (Omit<Estimate['lines'][number], 'usd'> & { usd: Big })[]
  assumptions: string[]
}

/** What one request costs by a list of prices; a text says why that is unknown. */
export function reckon(usage: Usage, { prices, tiers }: PriceList): Reckoning | string {
  if (prices === null) return 'its prices are unknown'
  const tier = tierFor(tiers, tokensOf(usage, PROMPT_KINDS))
  const lines: Reckoning['lines'] = []
  const unknown: TokenKind[] = []
  const assumptions: string[] = []
  for (const kind of TOKEN_KINDS) {
    const tokens = usage[`${kind}_tokens`]
    if (tokens === 0) continue
    const { usdPerMtok, assumption } = priceOf(kind, prices, tier)
    if (assumption !== undefined) assumptions.push(assumption)
    if (usdPerMtok === null) {
      unknown.push(kind)
      continue
    }
    // A Big is made of the shortest text of a number: what upstream wrote, to the last digit.
    const usd = new Big(usdPerMtok).times(tokens).times(PER_MTOK)
    lines.push({ kind, tokens, usd_per_mtok: usdPerMtok, usd })
  }
  if (unknown.length > 0) return unpriced(unknown)
  const usdPerRequest = lines.reduce((sum, { usd }) => sum.plus(usd), new Big(0))
  return { usdPerRequest, tier, lines, assumptions }
}

/** The finished estimate of what was reckoned. */
export function estimate(
  id: string,
  usage: Usage,
  { tiers, limits }: PriceList,
  { usdPerRequest, tier, lines, assumptions }: Reckoning,
): Estimate {
  const [prompt, answer] = [tokensOf(usage, PROMPT_KINDS), tokensOf(usage, ANSWER_KINDS)]
  return {
    id,
    currency: 'USD',
    tier: tier && { type: 'context', size: tier.size },
    lines: lines.map((line) => ({ ...line, usd: line.usd.toFixed() })),
    usd_per_request: usdPerRequest.toFixed(),
    requests: usage.requests,
    usd_total: usdPerRequest.times(usage.requests).toFixed(),
    assumptions,
    warnings: [...limitWarnings(limits, prompt, answer), ...tierWarnings(tiers)],
  }
}

function tokensOf(usage: Usage, kinds: readonly TokenKind[]): number {
  return kinds.reduce((sum, kind) => sum + usage[`${kind}_tokens`], 0)
}

type ContextTier = PriceTier & { size: number }

/** The highest tier that the prompt goes beyond: it holds for the whole request. */
function tierFor(tiers: readonly PriceTier[], prompt: number): ContextTier | null {
  const exceeded = tiers.filter(
    (tier): tier is ContextTier => tier.type === 'context' && tier.size !== null && prompt > tier.size,
  )
  return exceeded.toSorted((a, b) => b.size - a.size)[0] ?? null
}

interface Price {
  usdPerMtok: number | null
  assumption?: string
}

/** The tier's price, else the usual one; a kind without a price of its own may be billed as another. */
function priceOf(kind: TokenKind, prices: Prices, tier: ContextTier | null): Price {
  const inTier = known(tier?.prices[kind])
  if (inTier !== null) return { usdPerMtok: inTier }
  const usual = known(prices[kind])
  const other = BILLED_AS.get(kind)
  if (kind === 'reasoning' && usual === null) {
    const { usdPerMtok } = priceOf('output', prices, tier)
    return { usdPerMtok, assumption: 'reasoning is billed as output: no price is stated for it' }
  }
  if (tier === null || usual === null) return { usdPerMtok: usual }
  const above = `above ${tier.size} tokens no price is stated for it`
  if (other !== undefined && usual === prices[other]) {
    const { usdPerMtok } = priceOf(other, prices, tier)
    return { usdPerMtok, assumption: `${kind} is billed as ${other}, as it usually is: ${above}` }
  }
  return { usdPerMtok: usual, assumption: `${kind} has its usual price: ${above}` }
}

/** Some catalogs say -1 for a price that varies. */
function known(price: number | null | undefined): number | null {
  return price === undefined || price === null || price < 0 ? null : price
}

function unpriced(kinds: readonly TokenKind[]): string {
  if (kinds.length === 1) return `its price for ${kinds[0]} is unknown`
  return `its prices for ${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1)} are unknown`
}

/** A limit of 0 is an unknown one. */
function limitWarnings(limits: PriceList['limits'], prompt: number, answer: number): string[] {
  const { context, input, output } = limits ?? { context: null, input: null, output: null }
  const sizes: [what: string, tokens: number, limit: string, most: number | null][] = [
    ['the prompt', prompt, 'input limit', input],
    ['prompt and answer', prompt + answer, 'context window', context],
    ['the answer', answer, 'output limit', output],
  ]
  return sizes.flatMap(([what, tokens, limit, most]) =>
    most && tokens > most ? `${what}: ${tokens} tokens, more than the ${limit} of ${most}` : [],
  )
}

function tierWarnings(tiers: readonly PriceTier[]): string[] {
  const types = tiers.filter(({ type, size }) => type !== 'context' || size === null).map(({ type }) => type)
  return [...new Set(types)].map((type) => `a price tier is left out: its type ${type} is not known`)
}
