import { z } from 'zod'
import { AppError, type ValidationItem, type ValidationType, validationError } from '../errors.ts'
import { fault, givenOf, integer, parameter, type QueryPair, readParameters } from './params.ts'

/** Most tokens of a kind in one request, and most requests: far above anything there is, and sums stay exact. */
const MAX_COUNT = 1_000_000_000_000
/** Most estimates of one request. */
const MAX_CASES = 100

const MALFORMED_ID = 'must be provider/model_id'
const MODEL_ID = /^[^/]+\/./s

/** What requests use: each token is counted once, in one kind. */
export type Usage = z.infer<z.ZodObject<typeof bodyUsage>>

/** A model, and what requests to it use. */
export type EstimateCase = Usage & { id: string }

export const estimateQuerySchema = z.object({
  id: parameter((text) => (MODEL_ID.test(text) ? text : fault('string_pattern_mismatch', MALFORMED_ID)))
    .transform((id, context): string => {
      if (id !== undefined) return id
      context.issues.push({ code: 'custom', message: 'is missing', params: { type: 'missing' }, input: id })
      return z.NEVER
    })
    .meta({ type: 'string', description: 'The full id of a model, `provider/model_id`.' }),
  input_tokens: tokens('Of the prompt, but for those counted below.'),
  output_tokens: tokens('Of the answer, but for those counted below.'),
  cache_read_tokens: tokens('Of the prompt, read from a cache.'),
  cache_write_tokens: tokens('Of the prompt, written to a cache.'),
  reasoning_tokens: tokens('Of the answer, thought.'),
  input_audio_tokens: tokens('Of the prompt, heard.'),
  output_audio_tokens: tokens('Of the answer, spoken.'),
  requests: count(1, 'How many requests of this size.'),
})

const QUERY_NAMES = estimateQuerySchema.keyof().options

/** @throws AppError `validation` with all faults at once */
export function parseEstimateQuery(pairs: readonly QueryPair[]): EstimateCase {
  const { given, unknown } = givenOf(pairs, QUERY_NAMES)
  return readParameters(estimateQuerySchema, given, missingTokens(given, ['query']), unknown)
}

function tokens(description: string) {
  return count(0, description)
}

function count(min: number, description: string) {
  return parameter((text) => {
    const number = integer(text, BigInt(min))
    if (typeof number !== 'bigint') return number
    return number > MAX_COUNT ? fault('less_than_equal', `must be at most ${MAX_COUNT}`) : Number(number)
  })
    .transform((number) => number ?? min)
    .meta({ type: 'integer', minimum: min, maximum: MAX_COUNT, default: min, description })
}

const bodyTokens = bodyCount(0)
const bodyUsage = {
  input_tokens: bodyTokens,
  output_tokens: bodyTokens,
  cache_read_tokens: bodyTokens,
  cache_write_tokens: bodyTokens,
  reasoning_tokens: bodyTokens,
  input_audio_tokens: bodyTokens,
  output_audio_tokens: bodyTokens,
  requests: bodyCount(1),
}
const TOKEN_NAMES = Object.keys(bodyUsage).filter((name) => name !== 'requests')

const bodyId = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be a text') })
  .regex(MODEL_ID, MALFORMED_ID)
const CASES_MESSAGE = `must be a list of 1 to ${MAX_CASES}`

const caseSchema = z
  .strictObject({ id: bodyId, ...bodyUsage }, 'must be an object')
  .meta({ id: 'EstimateCase', description: 'A model, and what requests to it use.' })
const modelsSchema = z
  .strictObject({ models: listOf(bodyId), ...bodyUsage })
  .meta({ id: 'EstimateModels', description: 'Models, and what requests to each of them use.' })
const casesSchema = listOf(caseSchema)

export const estimateBodySchema = z.union([caseSchema, modelsSchema, casesSchema])

/**
 * Reads a parsed JSON body, which asks for one estimate or for a list of them.
 * @throws AppError `validation` with all faults at once, or `invalid` for what is neither an object nor a list
 */
export function parseEstimateBody(body: unknown): EstimateCase | EstimateCase[] {
  if (Array.isArray(body)) {
    const missing = body.slice(0, MAX_CASES).flatMap((item, at) => missingTokens(item, ['body', String(at)]))
    return read(casesSchema, body, missing)
  }
  if (typeof body !== 'object' || body === null) {
    throw new AppError('invalid', 'The body must be a JSON object, or a list of such')
  }
  const missing = missingTokens(body, ['body'])
  if (!('models' in body)) return read(caseSchema, body, missing)
  const { models, ...usage } = read(modelsSchema, body, missing)
  return models.map((id) => ({ id, ...usage }))
}

function bodyCount(min: number) {
  return z
    .int('must be an integer')
    .min(min, `must be at least ${min}`)
    .max(MAX_COUNT, `must be at most ${MAX_COUNT}`)
    .default(min)
}

function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item, CASES_MESSAGE).min(1, CASES_MESSAGE).max(MAX_CASES, CASES_MESSAGE)
}

function read<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  further: readonly ValidationItem[],
): z.output<Schema> {
  const result = schema.safeParse(body)
  const items = [...(result.error?.issues ?? []).flatMap(itemsOf), ...further]
  if (!result.success || items.length > 0) throw validationError(items)
  return result.data
}

/** Nothing to estimate is a mistake, such as a misspelt name. */
function missingTokens(given: unknown, loc: readonly string[]): ValidationItem[] {
  if (typeof given !== 'object' || given === null) return []
  if (TOKEN_NAMES.some((name) => name in given && given[name as keyof typeof given] !== undefined)) return []
  return [{ loc: [...loc, 'input_tokens'], msg: 'is missing, and so are all other tokens', type: 'missing' }]
}

function itemsOf(issue: z.core.$ZodIssue): ValidationItem[] {
  const loc = ['body', ...issue.path.map(String)]
  if (issue.code !== 'unrecognized_keys') return [{ loc, msg: issue.message, type: itemType(issue) }]
  return issue.keys.map((key) => ({
    loc: [...loc, key],
    msg: 'is no key of this body',
    type: 'extra_forbidden',
  }))
}

function itemType(issue: z.core.$ZodIssue): ValidationType {
  if (issue.message === CASES_MESSAGE) return 'list_type'
  if (issue.message === 'is missing') return 'missing'
  if (issue.code === 'too_small') return 'greater_than_equal'
  if (issue.code === 'too_big') return 'less_than_equal'
  if (issue.code === 'invalid_format') return 'string_pattern_mismatch'
  const expected = issue.code === 'invalid_type' ? issue.expected : undefined
  if (expected === 'object') return 'dict_type'
  return expected === 'string' ? 'string_type' : 'int_parsing'
}
