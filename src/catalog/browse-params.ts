import { z } from 'zod'
import { trim } from '../db/search-text.ts'
import { readPeriod } from './dates.ts'
import { SORTS } from './orders.ts'
import { boolean, type Fault, fault, integer, listItems, parameter } from './param-kinds.ts'
import { listQuerySchema, type QueryPair, readParameters, refuseContradictions } from './params.ts'

/** What a list can be written as. */
export const LIST_FORMATS = ['json', 'csv', 'ndjson'] as const
export type ListFormat = (typeof LIST_FORMATS)[number]

const YEAR_OR_MONTH = /^\d{4}(-(0[1-9]|1[0-2]))?$/

const { query, limit, ...filters } = listQuerySchema.omit({ at: true }).shape
const word = (description: string) => parameter((text) => text.toLowerCase()).meta({ description })
const words = (description: string) => z.array(z.string()).meta({ description })

/** What narrows a list beside the contract's filters. */
const furtherFilters = {
  family: word('Only models of this family.'),
  status: word('Only models of this status: `alpha`, `beta`, `deprecated`; `none` for those in service.'),
  input_modality: words('Every modality named goes in: `text`, `image`, `audio`, `video`, `pdf`.'),
  output_modality: words('Every modality named comes out.'),
  released_after: parameter(date).meta({
    description: 'Released on this date or later; dates compare as text.',
    examples: ['2026', '2026-03', '2026-03-31'],
  }),
}

/** The parameters of a list, in the order in which their faults are reported. */
export const browseQuerySchema = z.object({
  query,
  limit,
  offset: parameter((text) => {
    const offset = integer(text, 0n)
    return typeof offset === 'bigint' ? Math.min(Number(offset), Number.MAX_SAFE_INTEGER) : offset
  })
    .transform((offset) => offset ?? 0)
    .meta({ type: 'integer', minimum: 0, default: 0, description: 'How many matches to skip.' }),
  sort: parameter((text) => oneOf(SORTS, text))
    .transform((sort) => sort ?? 'relevance')
    .meta({ enum: SORTS, default: 'relevance', description: 'The order; unknown values come last.' }),
  format: parameter((text) => oneOf(LIST_FORMATS, text)).meta({
    enum: LIST_FORMATS,
    description: 'What to answer with; decides over `Accept`.',
  }),
  ...filters,
  ...furtherFilters,
})

/** The same for a list that is sent row by row: it may be of any length, and is whole unless a length is given. */
const rowsQuerySchema = browseQuerySchema.extend({
  limit: parameter((text) => {
    const limit = integer(text, 1n)
    return typeof limit === 'bigint' ? Number(limit) : limit
  }).transform((limit) => limit ?? Number.POSITIVE_INFINITY),
})

/** The parameters of the facets. */
export const facetsQuerySchema = z.object({
  query,
  ...filters,
  ...furtherFilters,
  ignore_own: parameter(boolean)
    .transform((isIgnored) => isIgnored ?? false)
    .meta({
      type: 'boolean',
      default: false,
      description: 'Count each facet as if it had no filter of its own.',
    }),
})

/** A request for a list, read. */
export type BrowseQuery = Omit<z.infer<typeof browseQuerySchema>, 'format'> & { format: ListFormat }
/** A request for facets, read. */
export type FacetsQuery = z.infer<typeof facetsQuerySchema>

const LISTS = ['capabilities', 'input_modality', 'output_modality'] as const

/**
 * Reads the parameters of a list.
 * @param accepted what the client would have, where it does not say in the URL
 * @throws AppError `validation` with all faults at once, or `invalid` for a range that holds nothing
 */
export function parseBrowseQuery(pairs: readonly QueryPair[], accepted: ListFormat = 'json'): BrowseQuery {
  const { given, lists, unknown } = gather(pairs, browseQuerySchema.keyof().options)
  const asked = given.format === undefined ? accepted : oneOf(LIST_FORMATS, given.format)
  const schema = asked === 'csv' || asked === 'ndjson' ? rowsQuerySchema : browseQuerySchema
  const read = readParameters(schema, { ...given, ...lists }, [], unknown)
  refuseContradictions(read, () => given)
  return { ...read, format: read.format ?? accepted }
}

/**
 * Reads the parameters of the facets.
 * @throws AppError `validation` with all faults at once, or `invalid` for a range that holds nothing
 */
export function parseFacetsQuery(pairs: readonly QueryPair[]): FacetsQuery {
  const { given, lists, unknown } = gather(pairs, facetsQuerySchema.keyof().options)
  const read = readParameters(facetsQuerySchema, { ...given, ...lists }, [], unknown)
  refuseContradictions(read, () => given)
  return read
}

/** The texts of parameters: of one that takes one value the last, of a list all its items. */
export function gather(pairs: readonly QueryPair[], names: readonly string[]) {
  const given: Record<string, string | undefined> = {}
  const items = new Map(LISTS.map((name) => [name, new Set<string>()]))
  const unknown = new Set<string>()
  for (const [spelling, text] of pairs) {
    const list = LISTS.find((name) => spelling === name || spelling === `${name}[]`)
    if (list !== undefined) for (const item of listItems(text)) items.get(list)?.add(item)
    else if (names.includes(spelling)) given[spelling] = trim(text) || undefined
    else unknown.add(spelling)
  }
  const lists = Object.fromEntries([...items].map(([name, all]) => [name, [...all]]))
  return { given, lists, unknown }
}

function oneOf<Word extends string>(all: readonly Word[], text: string): Word | Fault {
  const found = all.find((word) => word === text.toLowerCase())
  return found ?? fault('string_pattern_mismatch', `must be one of ${all.join(', ')}`)
}

/** A year, a month or a day that there is, as it stands. */
function date(text: string): string | Fault {
  const isDate = YEAR_OR_MONTH.test(text) || (text.length === 'YYYY-MM-DD'.length && readPeriod(text))
  if (isDate) return text
  return fault('string_pattern_mismatch', 'must be a year, a month or a day, such as 2026-03-31')
}
