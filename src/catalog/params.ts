import { z } from 'zod'
import { trim } from '../db/search-text.ts'
import { AppError, type ValidationItem, type ValidationType, validationError } from '../errors.ts'
import { readPeriod } from './dates.ts'
import { MAX_QUERY_LENGTH } from './match.ts'

/** A name and its value as they stand in the URL, decoded, in its order. */
export type QueryPair = readonly [name: string, value: string]

const DEFAULT_LIMIT = 20
const MAX_LIMIT = 100

const INTEGER = /^[+-]?[0-9]+$/
const NUMBER = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$/
/** Says what is wrong with a date that is none. */
export const MALFORMED_DATE = 'must be a day such as 2026-03-31 or an instant such as 2026-03-31T12:00:00Z'
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i
const TRUE = new Set(['true', '1', 'yes', 'on', 't', 'y'])
const FALSE = new Set(['false', '0', 'no', 'off', 'f', 'n'])

/** What `/openapi.json` says of parameters, beside what each says itself. */
const TOKENS = { type: 'integer', minimum: 1 } as const
const PRICE = 'of the higher of input and output price, USD per 1M tokens.'

/** The parameters of the catalog's list, in the contract's order, each read from its text. */
export const listQuerySchema = z.object({
  query: textParameter('Free text, looked for in model ids and names.'),
  limit: limitParameter('Most models to return; `total` still counts all matches.'),
  provider: parameter((text) => text.toLowerCase()).meta({ description: "Only this provider's models." }),
  capabilities: z.array(z.string()).meta({ description: 'Every capability named is required.' }),
  open_weights: parameter(boolean).meta({
    type: 'boolean',
    description: 'Only open, or only closed weights.',
  }),
  min_context: parameter((text) => integer(text, 1n)).meta({
    ...TOKENS,
    description: 'Smallest context window.',
  }),
  max_context: parameter((text) => integer(text, 1n)).meta({
    ...TOKENS,
    description: 'Largest context window.',
  }),
  min_price: parameter(number).meta({ type: 'number', description: `Lower bound ${PRICE}` }),
  max_price: parameter(number).meta({ type: 'number', description: `Upper bound ${PRICE}` }),
  featured: parameter(boolean)
    .transform((featured) => featured ?? false)
    .meta({ type: 'boolean', default: false, description: 'Without a query: only the curated set.' }),
  at: parameter(instant).meta({ examples: ['2026-03-31'], description: 'The day or instant to answer for.' }),
})

export const atQuerySchema = listQuerySchema.pick({ at: true })

/** A list request, read: what was not given is undefined, or its default. */
export type ListQuery = z.infer<typeof listQuerySchema>

const SPELLINGS: ReadonlyMap<string, keyof ListQuery> = new Map([
  ...listQuerySchema.keyof().options.map((name): [string, keyof ListQuery] => [name, name]),
  ['capabilities[]', 'capabilities'],
])

/**
 * Reads the parameters of a list request.
 * @throws AppError `validation` with all faults at once, or `invalid` for a range that holds nothing
 */
export function parseListQuery(pairs: readonly QueryPair[], now: Date = new Date()): ListQuery {
  const given: Record<string, string | undefined> = {}
  const capabilities = new Set<string>()
  const unknown = new Set<string>()
  for (const [spelling, text] of pairs) {
    const name = SPELLINGS.get(spelling)
    if (name === undefined) unknown.add(spelling)
    else if (name === 'capabilities') for (const item of listItems(text)) capabilities.add(item)
    else given[name] = trim(text) || undefined
  }
  const all = { ...given, capabilities: [...capabilities] }
  const query = readParameters(listQuerySchema, all, futureItems(given.at, now), unknown)
  refuseContradictions(query, given)
  return query
}

/**
 * For a route that knows only `at`: the instant to answer for, in ms since 1970, or undefined for now.
 * @throws AppError `validation` with all faults at once
 */
export function parseAtQuery(pairs: readonly QueryPair[], now: Date): number | undefined {
  const { given, unknown } = givenOf(pairs, ['at'])
  return readParameters(atQuerySchema, given, futureItems(given.at, now), unknown).at
}

/** The texts of parameters that take one value, and the names that are none of them. */
export function givenOf<Name extends string>(pairs: readonly QueryPair[], names: readonly Name[]) {
  const given: Partial<Record<Name, string | undefined>> = {}
  const unknown = new Set<string>()
  for (const [spelling, text] of pairs) {
    const known = names.find((name) => name === spelling)
    const value = trim(text)
    if (known === undefined) unknown.add(spelling)
    else given[known] = value === '' ? undefined : value
  }
  return { given, unknown }
}

/**
 * Reads parameters by their schema.
 * @param further faults that the schema cannot see, behind its own
 * @throws AppError `validation` with all faults at once, unknown names last
 */
export function readParameters<Schema extends z.ZodType>(
  schema: Schema,
  given: Record<string, unknown>,
  further: readonly ValidationItem[],
  unknown: ReadonlySet<string>,
): z.output<Schema> {
  const result = schema.safeParse(given)
  const items = [...(result.error?.issues ?? []).map(itemOf), ...further, ...extraItems(unknown)]
  if (!result.success || items.length > 0) throw validationError(items)
  return result.data
}

/**
 * For a route that knows no parameter.
 * @throws AppError `validation` naming each that was given
 */
export function parseNoQuery(pairs: readonly QueryPair[]): void {
  if (pairs.length > 0) throw validationError(extraItems(new Set(pairs.map(([name]) => name))))
}

export interface Fault {
  type: ValidationType
  message: string
}

export function fault(type: ValidationType, message: string): Fault {
  return { type, message }
}

/** A parameter that is read from its trimmed text, where it is given; all that is wrong with it is reported. */
export function parameter<T extends string | number | bigint | boolean>(
  read: (text: string) => T | Fault | Fault[],
) {
  return z
    .string()
    .optional()
    .transform((text, context): T | undefined => {
      if (text === undefined) return undefined
      const value = read(text)
      if (typeof value !== 'object') return value
      for (const { type, message } of Array.isArray(value) ? value : [value]) {
        context.issues.push({ code: 'custom', message, params: { type }, input: text })
      }
      return z.NEVER
    })
}

/** Text of bounded length: what to look for. */
export function textParameter(description: string) {
  return parameter(readText).meta({ maxLength: MAX_QUERY_LENGTH, description })
}

export function readText(text: string): string | Fault[] {
  const faults: Fault[] = []
  if ([...text].length > MAX_QUERY_LENGTH) {
    faults.push(fault('string_too_long', `must have at most ${MAX_QUERY_LENGTH} characters`))
  }
  if (text.includes('\0')) faults.push(fault('string_pattern_mismatch', 'must not hold U+0000'))
  return faults.length > 0 ? faults : text
}

/** How many of a list to answer with. */
export function limitParameter(description: string) {
  return parameter((text) => {
    const limit = integer(text, 1n)
    if (typeof limit !== 'bigint') return limit
    return limit > MAX_LIMIT ? fault('less_than_equal', `must be at most ${MAX_LIMIT}`) : Number(limit)
  })
    .transform((limit) => limit ?? DEFAULT_LIMIT)
    .meta({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT, description })
}

export function integer(text: string, min: bigint): bigint | Fault {
  if (!INTEGER.test(text)) return fault('int_parsing', 'must be an integer')
  const value = BigInt(text.replace(/^\+/, ''))
  return value < min ? fault('greater_than_equal', `must be at least ${min}`) : value
}

function number(text: string): number | Fault {
  const value = NUMBER.test(text) ? Number(text) : undefined
  if (value === undefined && !NOT_FINITE.test(text)) return fault('float_parsing', 'must be a number')
  return value !== undefined && Number.isFinite(value)
    ? value
    : fault('finite_number', 'must be a finite number')
}

export function boolean(text: string): boolean | Fault {
  const word = text.toLowerCase()
  if (TRUE.has(word)) return true
  return FALSE.has(word) ? false : fault('bool_parsing', 'must be true or false')
}

/** The last instant of a day, or an instant, in ms since 1970. */
function instant(text: string): number | Fault {
  return readPeriod(text)?.to ?? fault('string_pattern_mismatch', MALFORMED_DATE)
}

/** A day is in the future when it has not begun. */
function futureItems(at: string | undefined, now: Date): ValidationItem[] {
  const period = at === undefined ? undefined : readPeriod(at)
  if (period === undefined || period.from <= now.getTime()) return []
  return [{ loc: ['query', 'at'], msg: 'must not be in the future', type: 'less_than_equal' }]
}

/** What takes several values may be repeated, or listed with commas; letter case does not count. */
export function listItems(text: string): string[] {
  return text
    .split(',')
    .map((item) => trim(item).toLowerCase())
    .filter((item) => item !== '')
}

function itemOf(issue: z.core.$ZodIssue): ValidationItem {
  const type: ValidationType = issue.code === 'custom' ? issue.params?.type : 'string_pattern_mismatch'
  return { loc: ['query', ...issue.path.map(String)], msg: issue.message, type }
}

export function extraItems(names: ReadonlySet<string>): ValidationItem[] {
  return [...names].map((name) => ({
    loc: ['query', name],
    msg: 'is no parameter of this route',
    type: 'extra_forbidden',
  }))
}

const RANGES = [
  ['min_context', 'max_context'],
  ['min_price', 'max_price'],
] as const

/** @throws AppError `invalid` for each range that holds nothing, all in one */
export function refuseContradictions(
  query: Pick<ListQuery, (typeof RANGES)[number][number]>,
  given: Record<string, string | undefined>,
): void {
  const wrong = RANGES.filter(([min, max]) => {
    const [low, high] = [query[min], query[max]]
    return low !== undefined && high !== undefined && low > high
  })
  if (wrong.length === 0) return
  const details = wrong.map(([min, max]) => `${min} (${given[min]}) is above ${max} (${given[max]})`)
  throw new AppError('invalid', details.join('; '))
}
