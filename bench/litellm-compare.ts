import { OTHER_UNITS } from '../src/formats/litellm-mode.ts'

/** An entry of LiteLLM's cost map. */
export type CostEntry = Record<string, unknown>
export type CostMap = Record<string, CostEntry>

/** Prices that models.dev knows, too. */
const KEYS = [
  'input_cost_per_token',
  'output_cost_per_token',
  'cache_read_input_token_cost',
  'cache_creation_input_token_cost',
  'output_cost_per_reasoning_token',
  'input_cost_per_audio_token',
  'output_cost_per_audio_token',
]
const ABOVE = new RegExp(`^(${KEYS.join('|')})_above_(\\d+)k_tokens$`)

/** What a price is to the other map's. */
export const CLASSES = {
  same: 'the same price',
  tier: 'a price from some number of input tokens on: only one map has it, or the other has it at another number',
  unknown: 'only one of the maps states this price',
  unit: 'a model billed by image or second, where the token meant is another one; or a price that is none per token',
  rounded: 'less than a thousandth apart',
  free: 'free in one map only',
  newer: "the catalog had the other map's price before, or got its own after that map's date",
  mistaken: 'a mistake of the other map, listed one by one',
  tenfold: 'a power of ten apart: an exponent is wrong',
  disputed: 'both have had their price since before the date of the other map',
} as const

export type PriceClass = keyof typeof CLASSES

export interface Difference {
  key: string
  /** LiteLLM's name of the price; `PRICE above N` from N input tokens on. */
  price: string
  /** USD per token. */
  ours: number | undefined
  theirs: number | undefined
  class: PriceClass
}

/** Known mistakes of LiteLLM's map: `KEY PRICE`, and why it is one. */
export const MISTAKES: ReadonlyMap<string, string> = new Map([
  [
    'together_ai/Qwen/Qwen3-235B-A22B-Instruct-2507-tput output_cost_per_token',
    'USD 6 per 1M tokens, 30 times its input price; models.dev has 0.60',
  ],
])

const UNITS: ReadonlySet<string> = OTHER_UNITS

/** Apart by no more than binary noise, and by no more than what a price loses as it is rounded for a page. */
const NOISE = 1e-9
const ROUNDED = 1e-3
/** USD per token: 1,000 for 1M tokens, more than any model asks. So it is the price of something else. */
const ABSURD = 0.001

/** The entry a model had from a time (RFC 3339) on. */
export interface PastEntry {
  from: string
  entry: CostEntry
}

export interface OtherMap {
  entries: CostMap
  /** Of which day it is, `YYYY-MM-DD`. */
  date: string
}

/** All prices of the models that both maps know. `past` gives a key's entries by the catalog's history, oldest first. */
export function compareMaps(
  ours: CostMap,
  { entries, date }: OtherMap,
  past: (key: string) => readonly PastEntry[],
): Difference[] {
  return Object.entries(ours).flatMap(([key, mine]) => {
    const other = Object.hasOwn(entries, key) ? entries[key] : undefined
    if (other === undefined) return []
    const pair: Pair = { key, mine, other, mineByName: pricesOf(mine), otherByName: pricesOf(other), date }
    const names = new Set([...pair.mineByName.keys(), ...pair.otherByName.keys()])
    return [...names].map((price) => ({
      key,
      price,
      ours: pair.mineByName.get(price),
      theirs: pair.otherByName.get(price),
      class: classOf(pair, price, past),
    }))
  })
}

interface Pair {
  key: string
  mine: CostEntry
  other: CostEntry
  mineByName: Map<string, number>
  otherByName: Map<string, number>
  date: string
}

/** The first that fits. What could hide a wrong exponent comes after the look for one. */
function classOf(pair: Pair, price: string, past: (key: string) => readonly PastEntry[]): PriceClass {
  const { key, mine, other, mineByName, otherByName, date } = pair
  const ours = mineByName.get(price)
  const theirs = otherByName.get(price)
  if (ours === undefined || theirs === undefined) return price.includes(' above ') ? 'tier' : 'unknown'
  if (isNear(ours, theirs, NOISE)) return 'same'
  if (isElsewhere(mineByName, price, theirs) || isElsewhere(otherByName, price, ours)) return 'tier'
  if (theirs >= ABSURD || ours === other.output_cost_per_image_token) return 'unit'
  if (isNear(ours, theirs, ROUNDED)) return 'rounded'
  if (ours === 0 || theirs === 0) return 'free'
  const entries = past(key)
  if (entries.some(({ entry }) => asks(entry, price, theirs))) return 'newer'
  if (MISTAKES.has(`${key} ${price}`)) return 'mistaken'
  if (isTenfold(ours, theirs)) return 'tenfold'
  if (isOtherUnit(mine) || isOtherUnit(other)) return 'unit'
  const then = entries.findLast(({ from }) => from.slice(0, date.length) <= date)
  return then !== undefined && asks(then.entry, price, ours) ? 'disputed' : 'newer'
}

function asks(entry: CostEntry, price: string, usd: number): boolean {
  const known = pricesOf(entry).get(price)
  return known !== undefined && isNear(known, usd, NOISE)
}

/** What an entry asks, by the name of the price. The first range of a table is what holds at first. */
export function pricesOf(entry: CostEntry): Map<string, number> {
  const prices = new Map<string, number>()
  for (const [name, value] of Object.entries(entry)) {
    if (typeof value !== 'number') continue
    const [, key = name, thousands] = ABOVE.exec(name) ?? []
    if (thousands !== undefined) prices.set(`${key} above ${Number(thousands) * 1_000}`, value)
    else if (KEYS.includes(name)) prices.set(name, value)
  }
  for (const range of Array.isArray(entry.tiered_pricing) ? entry.tiered_pricing : []) {
    const above = range?.range?.[0]
    if (typeof above !== 'number') continue
    for (const key of KEYS) {
      const value = range[key]
      const name = above === 0 ? key : `${key} above ${above}`
      if (typeof value === 'number' && !prices.has(name)) prices.set(name, value)
    }
  }
  return prices
}

function isElsewhere(prices: Map<string, number>, price: string, value: number): boolean {
  const [key = price] = price.split(' above ')
  const same = [...prices].filter(([name]) => name !== price && name.split(' above ')[0] === key)
  return same.some(([, other]) => isNear(other, value, NOISE))
}

function isOtherUnit({ mode }: CostEntry): boolean {
  return typeof mode === 'string' && UNITS.has(mode)
}

function isNear(a: number, b: number, share: number): boolean {
  return Math.abs(a - b) <= share * Math.max(Math.abs(a), Math.abs(b))
}

function isTenfold(a: number, b: number): boolean {
  const power = Math.log10(a / b)
  return Math.abs(power - Math.round(power)) < NOISE
}
