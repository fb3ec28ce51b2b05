import { z } from 'zod'
import { AppError, type ValidationItem, type ValidationType, validationError } from '../errors.ts'
import { fault, integer, parameter } from './param-kinds.ts'
import { givenOf, type QueryPair, readParameters } from './params.ts'

/** Most tokens of a kind in one request, and most requests: far above anything there is, and sums stay exact. */
const MAX_COUNT = 1_000_000_000_000
/** Most estimates of one request. */
const MAX_CASES = 100

const MALFORMED_ID = 'must be provider/model_id'
const MODEL_ID = /^[^/]+\/[\s\S]/

const MEANINGS = {
  input_tokens: 'Tokens of the prompt, but for those counted below.',
  output_tokens: 'Tokens of the answer, but for those counted below.',
  cache_read_tokens: 'Tokens of the prompt, read from a cache.',
  cache_write_tokens: 'Tokens of the prompt, written to a cache.',
  reasoning_tokens: 'Tokens of the answer, thought.',
  input_audio_tokens: 'Tokens of the prompt, heard.',
  output_audio_tokens: 'Tokens of the answer, spoken.',
  requests: 'How many requests of this size.',
}
type CountName = keyof typeof MEANINGS

/** What requests use: each token is counted once, in one kind. */
export type Usage = z.infer<z.ZodObject<typeof bodyUsage>>

/** A model, and what requests to it use. */
export type EstimateCase = Usage & { id: string }

/** The same as parameters of a query. */
export const usageParameters = {
  input_tokens: count('input_tokens', 0),
  output_tokens: count('output_tokens', 0),
  cache_read_tokens: count('cache_read_tokens', 0),
  cache_write_tokens: count('cache_write_tokens', 0),
  reasoning_tokens: count('reasoning_tokens', 0),
  input_audio_tokens: count('input_audio_tokens', 0),
  output_audio_tokens: count('output_audio_tokens', 0),
  requests: count('requests', 1),
}

export const estimateQuerySchema = z.object({
  id: parameter((text) => (MODEL_ID.test(text) ? text : fault('string_pattern_mismatch', MALFORMED_ID)))
    .transform((id, context): string => {
      if (id !== undefined) return id
      context.issues.push({ code: 'custom', message: 'is missing', params: { type: 'missing' }, input: id })
      return z.NEVER
    })
    .meta({ type: 'string', description: 'The full id of a model, `provider/model_id`.' }),
  ...usageParameters,
})

const QUERY_NAMES = estimateQuerySchema.keyof().options

/** @throws AppError `validation` with all faults at once */
export function parseEstimateQuery(pairs: readonly QueryPair[]): EstimateCase {
  const { given, unknown } = givenOf(pairs, QUERY_NAMES)
  return readParameters(estimateQuerySchema, given, missingTokens(given, ['query']), unknown)
}

function count(name: CountName, min: number) {
  return parameter((text) => {
    const number = integer(text, BigInt(min))
    if (typeof number !== 'bigint') return number
    return number > MAX_COUNT ? fault('less_than_equal', `must be at most ${MAX_COUNT}`) : Number(number)
  })
    .transform((number) => number ?? min)
    .meta({ type: 'integer', minimum: min, maximum: MAX_COUNT, default: min, description: MEANINGS[name] })
}

const bodyUsage = {
  input_tokens: bodyCount('input_tokens', 0),
  output_tokens: bodyCount('output_tokens', 0),
  cache_read_tokens: bodyCount('cache_read_tokens', 0),
  cache_write_tokens: bodyCount('cache_write_tokens', 0),
  reasoning_tokens: bodyCount('reasoning_tokens', 0),
  input_audio_tokens: bodyCount('input_audio_tokens', 0),
  output_audio_tokens: bodyCount('output_audio_tokens', 0),
  requests: bodyCount('requests', 1),
}
const TOKEN_NAMES = Object.keys(MEANINGS).filter((name) => name !== 'requests')

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

function bodyCount(name: CountName, min: number) {
  return z
    .int('must be an integer')
    .min(min, `must be at least ${min}`)
    .max(MAX_COUNT, `must be at most ${MAX_COUNT}`)
    .default(min)
    .meta({ description: MEANINGS[name] })
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
export function missingTokens(given: unknown, loc: readonly string[]): ValidationItem[] {
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
