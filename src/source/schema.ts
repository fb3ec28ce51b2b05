import { z } from 'zod'
import { accepts } from './accepts.ts'

/** Longest id, name or other text that is searched, in UTF-16 code units: the search texts grow with its square. */
const MAX_TEXT_LENGTH = 1_024

const prose = z.custom<string>((value) => typeof value === 'string' && isStorable(value), {
  error: textFault,
})
const text = z.custom<string>(
  (value) => typeof value === 'string' && value.length <= MAX_TEXT_LENGTH && isStorable(value),
  { error: textFault },
)
export const idSchema = text.refine((id) => id !== '', 'is empty')
const tokens = z.int().nonnegative()
const price = z.number()
const object = z.custom<Record<string, unknown>>(isRecord, 'is no object')
const support = z.custom<boolean | Record<string, unknown>>(
  (value) => typeof value === 'boolean' || isRecord(value),
  'is neither true nor false, nor an object',
)
const modalities = z.array(text)

/** One check for all that is wrong with a text: there are a hundred thousand in a catalog. */
function isStorable(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed()
}

function textFault({ input }: { input?: unknown }): string {
  if (typeof input !== 'string') return `is no text but ${input === null ? 'null' : typeof input}`
  if (input.includes('\0')) return 'holds U+0000'
  if (!input.isWellFormed()) return 'holds half a surrogate pair'
  return `has ${input.length} characters, more than ${MAX_TEXT_LENGTH}`
}

/** What must hold of a model as models.dev sends it. Fields that are not named here are kept as they are. */
const modelSchema = z.object({
  name: text.nullish(),
  description: prose.nullish(),
  family: text.nullish(),
  canonical_model_id: text.nullish(),
  release_date: text.nullish(),
  last_updated: text.nullish(),
  knowledge: text.nullish(),
  open_weights: z.boolean().nullish(),
  status: text.nullish(),
  attachment: support.nullish(),
  reasoning: support.nullish(),
  tool_call: support.nullish(),
  structured_output: support.nullish(),
  temperature: support.nullish(),
  interleaved: support.nullish(),
  reasoning_options: z.array(object).nullish(),
  modalities: z.object({ input: modalities.nullish(), output: modalities.nullish() }).nullish(),
  limit: z.object({ context: tokens.nullish(), output: tokens.nullish(), input: tokens.nullish() }).nullish(),
  cost: z
    .object({ input: price.nullish(), output: price.nullish(), tiers: z.array(object).nullish() })
    .nullish(),
})

export const providerSchema = z.object({
  name: text.nullish(),
  npm: text.nullish(),
  api: text.nullish(),
  doc: text.nullish(),
  env: z.array(text).nullish(),
})

/** The fields that the two schemas name. */
export const MODEL_FIELD_NAMES = Object.keys(modelSchema.shape)
export const PROVIDER_FIELD_NAMES = Object.keys(providerSchema.shape)

/** The path `/catalog/{provider}/{model_id}` is split at its first slash, so a provider's id can hold none. */
export const providerIdSchema = idSchema.refine((value) => !value.includes('/'), 'holds a slash')

/** A model as sent: what the schema names, and whatever else there is. */
export type UpstreamModel = z.infer<typeof modelSchema> & Record<string, unknown>
export type UpstreamProviderHead = z.infer<typeof providerSchema> & Record<string, unknown>

/** What is wrong with a value, and where in it. */
export interface Fault {
  path: PropertyKey[]
  message: string
}

const isModel = accepts(modelSchema)

/** Nearly all models are as they should be: only for the rest is the schema asked what is wrong. */
export function modelFault(model: unknown): Fault | undefined {
  return isModel(model) ? undefined : faultOf(modelSchema, model)
}

export function faultOf(schema: z.ZodType, value: unknown): Fault | undefined {
  return schema.safeParse(value).error?.issues[0]
}

/** Whether a JSON value is an object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
