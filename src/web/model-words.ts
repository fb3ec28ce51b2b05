import { count, money, tokens, words } from './format.ts'
import type { FullModel, Tier } from './model-wire.ts'

/** What is known of one model, in words. */

const CENTS = 100

/** What a kind of token costs, to the last digit. */
export function exactPrice(usd: number | null | undefined): string {
  if (usd === null || usd === undefined || usd <= 0) return money(usd)
  return `$${Number.isInteger(usd * CENTS) ? usd.toFixed(2) : usd}`
}

export function openness({ open_weights: isOpen }: Pick<FullModel, 'open_weights'>): string | null {
  if (isOpen === null) return null
  return isOpen ? 'open' : 'closed'
}

/** How its reasoning is steered; null where nothing is known of that. */
export function reasoningText({ reasoning_options: options }: FullModel): string | null {
  if (options === null || options.length === 0) return null
  return options.map(optionText).join('; ')
}

/** Whether it reasons between tool calls; null where nothing is known of that. */
export function interleavedText({ interleaved }: FullModel): string | null {
  if (typeof interleaved === 'boolean') return interleaved ? 'reasons between tool calls' : 'no'
  if (!isRecord(interleaved)) return null
  return typeof interleaved.field === 'string'
    ? `reasons between tool calls, in ${interleaved.field}`
    : JSON.stringify(interleaved)
}

const PARTIES: Readonly<Record<string, string>> = {
  maker: 'its maker',
  host: 'a well-known host',
  other: 'another provider',
}

export function partyText(party: string): string {
  return (Object.hasOwn(PARTIES, party) && PARTIES[party]) || party
}

function optionText(option: unknown): string {
  if (!isRecord(option) || typeof option.type !== 'string') return JSON.stringify(option)
  const { type, values, min, max } = option
  if (type === 'toggle') return 'on or off'
  const range = [
    ...(typeof min === 'number' && min > 0 ? [`from ${count(min)}`] : []),
    ...(typeof max === 'number' ? [`up to ${count(max)}`] : []),
  ].join(' ')
  if (type === 'budget_tokens') return `a budget of tokens ${range}`.trim()
  if (Array.isArray(values))
    return `${words(type)}: ${values.map((value) => String(value ?? 'unset')).join(', ')}`
  return [words(type), range].filter(Boolean).join(' ')
}

/** From where on a tier holds. */
export function tierTitle({ type, size }: Tier): string {
  return type === 'context' ? `above ${tokens(size)} tokens` : `${words(type)} ${size}`
}

/** Prices of larger requests on one line; null where there are none. */
export function tiersText({ tiers }: Pick<FullModel, 'tiers'>): string | null {
  if (tiers.length === 0) return null
  return tiers
    .map(
      (tier) =>
        `${tierTitle(tier)}: ${exactPrice(tier.prices.input)} in, ${exactPrice(tier.prices.output)} out`,
    )
    .join('; ')
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
