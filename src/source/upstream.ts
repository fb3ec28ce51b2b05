import { z } from 'zod'
import { AppError } from '../errors.ts'

/** Longest id, name or other text that is searched, in UTF-16 code units: the search texts grow with its square. */
export const MAX_TEXT_LENGTH = 1_024

/** How many set-aside paths an error names when nothing at all could be read. */
const REASONS_SHOWN = 3

const text = z
  .string()
  .max(MAX_TEXT_LENGTH)
  .refine((value) => !value.includes('\0'), 'holds U+0000')
  .refine((value) => value.isWellFormed(), 'holds half a surrogate pair')

const id = text.min(1, 'is empty')
const tokens = z.int().nonnegative()
const price = z.number()
const support = z.union([z.boolean(), z.looseObject({})])
const modalities = z.array(text)
/** JSON can write numbers that a double cannot hold; they would be stored as something else. */
const finite = z
  .unknown()
  .refine((value) => typeof value !== 'number' || Number.isFinite(value), 'is out of range')

/** One model as models.dev sends it. Fields it does not name are kept as they are. */
const modelSchema = z.looseObject({
  name: text.nullish(),
  description: z.string().nullish(),
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
  reasoning_options: z.array(z.looseObject({})).nullish(),
  modalities: z.looseObject({ input: modalities.nullish(), output: modalities.nullish() }).nullish(),
  limit: z
    .object({ context: tokens.nullish(), output: tokens.nullish(), input: tokens.nullish() })
    .catchall(finite)
    .nullish(),
  cost: z
    .object({ input: price.nullish(), output: price.nullish(), tiers: z.array(z.looseObject({})).nullish() })
    .catchall(finite)
    .nullish(),
})

const providerSchema = z.looseObject({
  name: text.nullish(),
  npm: text.nullish(),
  api: text.nullish(),
  doc: text.nullish(),
  env: z.array(text).nullish(),
})

/** The path `/catalog/{provider}/{model_id}` is split at its first slash, so a provider's id can hold none. */
const providerIdSchema = id.refine((value) => !value.includes('/'), 'holds a slash')

export type UpstreamModel = z.infer<typeof modelSchema>
export type UpstreamProviderHead = z.infer<typeof providerSchema>

export interface UpstreamProvider {
  id: string
  /** Everything the provider says of itself but its models. */
  head: UpstreamProviderHead
  models: [id: string, model: UpstreamModel][]
}

/** A model or provider that did not parse: where it stands in the source, and why. */
export interface SetAside {
  path: string
  reason: string
}

export interface Upstream {
  providers: UpstreamProvider[]
  setAside: SetAside[]
}

/**
 * Reads a catalog in the shape of models.dev's `api.json`, tolerantly: what does not parse is set aside and the rest
 * is returned, providers and models in the order of the source.
 * @throws AppError `bad_gateway` when the source is no catalog at all
 */
export function parseUpstream(source: string): Upstream {
  const catalog = parseJson(source)
  if (!isRecord(catalog)) throw notACatalog('its top level is no object')
  const upstream: Upstream = { providers: [], setAside: [] }
  for (const [providerId, value] of Object.entries(catalog)) readProvider(providerId, value, upstream)
  if (!upstream.providers.some((provider) => provider.models.length > 0)) {
    const shown = upstream.setAside.slice(0, REASONS_SHOWN).map(({ path, reason }) => `${path}: ${reason}`)
    throw notACatalog(['it holds no model', ...shown].join('; '))
  }
  return upstream
}

function readProvider(providerId: string, value: unknown, { providers, setAside }: Upstream): void {
  const providerPath = JSON.stringify(providerId)
  const idFault = firstFault(providerIdSchema.safeParse(providerId))
  if (idFault) return void setAside.push({ path: providerPath, reason: `the id ${idFault.message}` })
  if (!isRecord(value)) return void setAside.push({ path: providerPath, reason: 'is no object' })
  const { models, ...rest } = value
  const head = providerSchema.safeParse(rest)
  if (!head.success) return void setAside.push(at(providerPath, firstFault(head)))
  if (!isRecord(models)) return void setAside.push({ path: `${providerPath}.models`, reason: 'is no object' })
  // The values themselves are kept, not zod's copies: a copy loses keys such as `__proto__`.
  const provider: UpstreamProvider = { id: providerId, head: rest as UpstreamProviderHead, models: [] }
  for (const [modelId, sent] of Object.entries(models)) {
    const path = `${providerPath}.models.${JSON.stringify(modelId)}`
    const modelIdFault = firstFault(id.safeParse(modelId))
    const model = modelSchema.safeParse(sent)
    if (modelIdFault) setAside.push({ path, reason: `the id ${modelIdFault.message}` })
    else if (!model.success) setAside.push(at(path, firstFault(model)))
    else provider.models.push([modelId, sent as UpstreamModel])
  }
  providers.push(provider)
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch (cause) {
    const begins = JSON.stringify(source.slice(0, 40))
    throw notACatalog(
      `it is no JSON (${cause instanceof Error ? cause.message : cause}); it begins ${begins}`,
      cause,
    )
  }
}

function notACatalog(why: string, cause?: unknown): AppError {
  return new AppError('bad_gateway', `the source is no models.dev catalog: ${why}`, { cause })
}

/** Whether a JSON value is an object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function firstFault(result: { error?: z.ZodError | undefined }): z.core.$ZodIssue | undefined {
  return result.error?.issues[0]
}

function at(path: string, fault: z.core.$ZodIssue | undefined): SetAside {
  const inside =
    fault?.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('') ?? ''
  return { path: path + inside, reason: fault?.message ?? 'does not parse' }
}
