import { z } from 'zod'
import { trim } from '../db/search-text.ts'
import { AppError, type ValidationItem, type ValidationType, validationError } from '../errors.ts'
import { readPeriod } from './dates.ts'
import {
  boolean,
  instant,
  integer,
  limitParameter,
  listItems,
  number,
  parameter,
  textParameter,
} from './param-kinds.ts'

/** A name and its value as they stand in the URL, decoded, in its order. */
export type QueryPair = readonly [name: string, value: string]

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

const SPELLINGS: ReadonlyMap<string, ListParameter> = new Map([
  ...listQuerySchema.keyof().options.map((name): [string, ListParameter] => [name, name]),
  ['capabilities[]', 'capabilities'],
])

type ListParameter = keyof ListQuery

/** A request that names no parameter, read: all requests are made of it, and so of one shape. */
const NOTHING_ASKED: ListQuery = listQuerySchema.parse(
  Object.fromEntries(
    listQuerySchema.keyof().options.map((name) => [name, name === 'capabilities' ? [] : undefined]),
  ),
)

/**
 * Reads the parameters of a list request.
 * @throws AppError `validation` with all faults at once, or `invalid` for a range that holds nothing
 */
export function parseListQuery(pairs: readonly QueryPair[], now: Date = new Date()): ListQuery {
  const texts = new Map<ListParameter, string>()
  const items = new Set<string>()
  const unknown = new Set<string>()
  for (const [spelling, text] of pairs) {
    const name = SPELLINGS.get(spelling)
    if (name === undefined) unknown.add(spelling)
    else if (name === 'capabilities') for (const item of listItems(text)) items.add(item)
    else texts.set(name, trim(text))
  }
  const capabilities = [...items]
  const future = futureItems(texts.get('at'), now)
  const isRefused = unknown.size > 0 || future.length > 0
  const given = () => Object.fromEntries([...texts].filter(([, text]) => text !== ''))
  const query =
    (isRefused ? undefined : readGiven(texts, capabilities)) ??
    readParameters(listQuerySchema, { ...given(), capabilities }, future, unknown)
  refuseContradictions(query, given)
  return query
}

/** Reads what is given, one by one; undefined: something is wrong with it. The schema as a whole takes several times as long. */
function readGiven(texts: ReadonlyMap<ListParameter, string>, capabilities: string[]): ListQuery | undefined {
  const query = { ...NOTHING_ASKED, capabilities }
  for (const [name, text] of texts) {
    if (text === '') continue
    const { success, data } = listQuerySchema.shape[name].safeParse(text)
    if (!success) return undefined
    Object.assign(query, { [name]: data })
  }
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

/** A day is in the future when it has not begun. */
function futureItems(at: string | undefined, now: Date): ValidationItem[] {
  const period = at === undefined ? undefined : readPeriod(at)
  if (period === undefined || period.from <= now.getTime()) return []
  return [{ loc: ['query', 'at'], msg: 'must not be in the future', type: 'less_than_equal' }]
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
  given: () => Record<string, string | undefined>,
): void {
  const wrong = RANGES.filter(([min, max]) => {
    const [low, high] = [query[min], query[max]]
    return low !== undefined && high !== undefined && low > high
  })
  if (wrong.length === 0) return
  const texts = given()
  const details = wrong.map(([min, max]) => `${min} (${texts[min]}) is above ${max} (${texts[max]})`)
  throw new AppError('invalid', details.join('; '))
}
