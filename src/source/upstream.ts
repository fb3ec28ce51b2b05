import { z } from 'zod'
import { AppError } from '../errors.ts'
import { accepts } from './accepts.ts'

/** Longest id, name or other text that is searched, in UTF-16 code units: the search texts grow with its square. */
const MAX_TEXT_LENGTH = 1_024

/** How many set-aside paths an error names when nothing at all could be read. */
const REASONS_SHOWN = 3

const prose = z.custom<string>((value) => typeof value === 'string' && isStorable(value), {
  error: textFault,
})
const text = z.custom<string>(
  (value) => typeof value === 'string' && value.length <= MAX_TEXT_LENGTH && isStorable(value),
  { error: textFault },
)
const idSchema = text.refine((id) => id !== '', 'is empty')
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

const providerSchema = z.object({
  name: text.nullish(),
  npm: text.nullish(),
  api: text.nullish(),
  doc: text.nullish(),
  env: z.array(text).nullish(),
})

/** The path `/catalog/{provider}/{model_id}` is split at its first slash, so a provider's id can hold none. */
const providerIdSchema = idSchema.refine((value) => !value.includes('/'), 'holds a slash')

/** A model as sent: what the schema names, and whatever else there is. */
export type UpstreamModel = z.infer<typeof modelSchema> & Record<string, unknown>
type UpstreamProviderHead = z.infer<typeof providerSchema> & Record<string, unknown>

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
 * The JSON object that a source holds.
 * @throws AppError `bad_gateway` when it holds none
 */
export function parseCatalog(source: Buffer): Record<string, unknown> {
  const catalog = parseJson(source.toString())
  if (!isRecord(catalog)) throw notACatalog('its top level is no object')
  return catalog
}

/**
 * Reads a catalog in the shape of models.dev's `api.json`, tolerantly: what does not parse is set aside and the rest
 * is returned, providers and models in the order of the source.
 * @throws AppError `bad_gateway` when it holds no model
 */
export function readUpstream(catalog: Record<string, unknown>): Upstream {
  const upstream: Upstream = { providers: [], setAside: [] }
  for (const [id, value] of Object.entries(catalog)) {
    const provider = readProvider(id, value, upstream.setAside)
    if ('message' in provider) upstream.setAside.push(at(JSON.stringify(id), provider))
    else upstream.providers.push(provider)
  }
  return refuseEmpty(upstream)
}

function refuseEmpty(upstream: Upstream): Upstream {
  if (upstream.providers.some(({ models }) => models.length > 0)) return upstream
  const shown = upstream.setAside.slice(0, REASONS_SHOWN).map(({ path, reason }) => `${path}: ${reason}`)
  throw notACatalog(['it holds no model', ...shown].join('; '))
}

/** Reads one provider; its models that do not parse go to `setAside`. */
function readProvider(id: string, value: unknown, setAside: SetAside[]): UpstreamProvider | Fault {
  const idFault = faultOf(providerIdSchema, id)
  if (idFault) return { path: [], message: `the id ${idFault.message}` }
  if (!isRecord(value)) return { path: [], message: 'is no object' }
  const { models: sent, ...head } = value
  const headFault = faultOf(providerSchema, head)
  if (headFault) return headFault
  if (!isRecord(sent)) return { path: ['models'], message: 'is no object' }
  const models: UpstreamProvider['models'] = []
  for (const [modelId, model] of Object.entries(sent)) {
    const modelIdFault = faultOf(idSchema, modelId)
    const fault = modelIdFault ? { path: [], message: `the id ${modelIdFault.message}` } : modelFault(model)
    if (fault) setAside.push(at(`${JSON.stringify(id)}.models.${JSON.stringify(modelId)}`, fault))
    // The values themselves are kept, not zod's copies: a copy loses keys such as `__proto__`.
    else models.push([modelId, model as UpstreamModel])
  }
  return { id, head: head as UpstreamProviderHead, models }
}

/** What is wrong with a value, and where in it. */
interface Fault {
  path: PropertyKey[]
  message: string
}

const isModel = accepts(modelSchema)

/** Nearly all models are as they should be: only for the rest is the schema asked what is wrong. */
function modelFault(model: unknown): Fault | undefined {
  return isModel(model) ? undefined : faultOf(modelSchema, model)
}

function faultOf(schema: z.ZodType, value: unknown): Fault | undefined {
  return schema.safeParse(value).error?.issues[0]
}

/**
 * Sets aside what holds a number that no double can hold: JSON can write it, and reads it as infinite. It takes a look at
 * every value, so it is for a catalog of which that is known.
 * @throws AppError `bad_gateway` when no model is left
 */
export function setAsideInfinite({ providers, setAside }: Upstream): Upstream {
  const kept: Upstream = { providers: [], setAside: [...setAside] }
  for (const { id, head, models } of providers) {
    const path = JSON.stringify(id)
    const fault = infinity(head)
    if (fault) {
      kept.setAside.push(at(path, fault))
      continue
    }
    const finite = models.filter(([modelId, model]) => {
      const modelFault = infinity(model)
      if (modelFault) kept.setAside.push(at(`${path}.models.${JSON.stringify(modelId)}`, modelFault))
      return modelFault === undefined
    })
    kept.providers.push({ id, head, models: finite })
  }
  return refuseEmpty(kept)
}

function infinity(value: unknown): Fault | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : { path: [], message: 'is out of range' }
  }
  if (typeof value !== 'object' || value === null) return undefined
  const members = value as Record<string, unknown>
  for (const key of Object.keys(members)) {
    const fault = infinity(members[key])
    if (fault) return { ...fault, path: [Array.isArray(value) ? Number(key) : key, ...fault.path] }
  }
  return undefined
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

function at(path: string, fault: Fault): SetAside {
  const inside = fault.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  return { path: path + inside, reason: fault.message }
}
