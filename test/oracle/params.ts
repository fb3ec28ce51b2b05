// How the contract reads a query string's pairs, in the order in which they stand.
import { codePoints, trimBlanks } from './text.ts'

export type Pair = readonly [name: string, value: string]

export interface Fault {
  loc: ['query', string]
  type: string
}

export interface CatalogRequest {
  query: string | null
  limit: number
  provider: string | null
  capabilities: string[]
  openWeights: boolean | null
  minContext: bigint | null
  maxContext: bigint | null
  minPrice: number | null
  maxPrice: number | null
  featured: boolean
}

type Reading =
  | { kind: 'request'; request: CatalogRequest }
  | { kind: 'faults'; faults: Fault[] }
  | { kind: 'contradiction'; values: string[] }

export const maxPairs = 100

const singleNames = [
  'query',
  'limit',
  'provider',
  'open_weights',
  'min_context',
  'max_context',
  'min_price',
  'max_price',
  'featured',
]
const listNames = ['capabilities', 'capabilities[]']

type Report = (name: string, type: string) => void

export function readPairs(pairs: readonly Pair[]): Reading {
  const faults: Fault[] = []
  const report: Report = (name, type) => faults.push({ loc: ['query', name], type })
  const text = (name: string) => lastValue(pairs, name)

  // Read in the order of the contract's table: so are the faults.
  const query = readQuery(text('query'), report)
  const limit = readInteger('limit', text('limit'), 1n, 100n, report)
  const provider = text('provider')
  const capabilities = readCapabilities(pairs)
  const openWeights = readBoolean('open_weights', text('open_weights'), report)
  const minContext = readInteger('min_context', text('min_context'), 1n, null, report)
  const maxContext = readInteger('max_context', text('max_context'), 1n, null, report)
  const minPrice = readNumber('min_price', text('min_price'), report)
  const maxPrice = readNumber('max_price', text('max_price'), report)
  const featured = readBoolean('featured', text('featured'), report)
  for (const name of unknownNames(pairs)) report(name, 'extra_forbidden')
  if (faults.length > 0) return { kind: 'faults', faults }

  const values: string[] = []
  if (minContext !== null && maxContext !== null && minContext > maxContext)
    values.push(text('min_context') ?? '', text('max_context') ?? '')
  if (minPrice !== null && maxPrice !== null && minPrice > maxPrice)
    values.push(text('min_price') ?? '', text('max_price') ?? '')
  if (values.length > 0) return { kind: 'contradiction', values }

  const request = {
    query,
    limit: limit === null ? 20 : Number(limit),
    provider,
    capabilities,
    openWeights,
    minContext,
    maxContext,
    minPrice,
    maxPrice,
    featured: featured ?? false,
  }
  return { kind: 'request', request }
}

/** The last one wins, also when it is blank and so means not given. */
function lastValue(pairs: readonly Pair[], name: string): string | null {
  const pair = pairs.findLast(([key]) => key === name)
  if (pair === undefined) return null
  const value = trimBlanks(pair[1])
  return value === '' ? null : value
}

function readQuery(value: string | null, report: Report): string | null {
  if (value === null) return null
  if (codePoints(value).length > 256) report('query', 'string_too_long')
  if (value.includes('\u0000')) report('query', 'string_pattern_mismatch')
  return value
}

function readCapabilities(pairs: readonly Pair[]): string[] {
  const items = pairs
    .filter(([name]) => listNames.includes(name))
    .flatMap(([, value]) => value.split(','))
    .map((item) => trimBlanks(item).toLowerCase())
    .filter((item) => item !== '')
  return [...new Set(items)]
}

function readInteger(
  name: string,
  value: string | null,
  least: bigint,
  most: bigint | null,
  report: Report,
): bigint | null {
  if (value === null) return null
  if (!/^[+-]?[0-9]+$/.test(value)) {
    report(name, 'int_parsing')
    return null
  }
  const size = BigInt(value.replace(/^[+-]/, ''))
  const integer = value.startsWith('-') ? -size : size
  if (integer < least) report(name, 'greater_than_equal')
  else if (most !== null && integer > most) report(name, 'less_than_equal')
  return integer
}

function readNumber(name: string, value: string | null, report: Report): number | null {
  if (value === null) return null
  if (/^[+-]?(nan|inf|infinity)$/i.test(value)) {
    report(name, 'finite_number')
    return null
  }
  if (!/^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(value)) {
    report(name, 'float_parsing')
    return null
  }
  const number = Number(value)
  if (!Number.isFinite(number)) {
    report(name, 'finite_number')
    return null
  }
  return number
}

function readBoolean(name: string, value: string | null, report: Report): boolean | null {
  if (value === null) return null
  const word = value.toLowerCase()
  if (['true', '1', 'yes', 'on', 't', 'y'].includes(word)) return true
  if (['false', '0', 'no', 'off', 'f', 'n'].includes(word)) return false
  report(name, 'bool_parsing')
  return null
}

/** Each once, in the order of the request. A blank value is no excuse: the name is wrong. */
function unknownNames(pairs: readonly Pair[]): string[] {
  const known = [...singleNames, ...listNames]
  return [...new Set(pairs.map(([name]) => name).filter((name) => !known.includes(name)))]
}
