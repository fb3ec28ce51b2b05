import { AppError } from '../errors.ts'
import { type Content, MAX_WHOLE_BYTES } from './content.ts'
import { faultOfModel, parseOutlined, wholeModel, withoutOutlines } from './outline.ts'
import {
  type Fault,
  faultOf,
  idSchema,
  isRecord,
  providerIdSchema,
  providerSchema,
  type UpstreamModel,
  type UpstreamProviderHead,
} from './schema.ts'

/** How many set-aside paths an error names when nothing at all could be read. */
const REASONS_SHOWN = 3
/** How much an error shows of what is no JSON, in UTF-16 code units; in UTF-8 that is three bytes each at most. */
const BEGINNING_LENGTH = 40
const BEGINNING_BYTES = 3 * BEGINNING_LENGTH

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
  /** How many models go with it, where it is a provider that has any. */
  models?: number
}

/** The JSON object that a source holds, with outlines in its models' places where it is large. */
export interface Catalog {
  json: Record<string, unknown>
  content: Content
  isOutlined: boolean
}

export interface Upstream {
  providers: UpstreamProvider[]
  setAside: SetAside[]
  /** A model as sent: the models of large sources are outlines, and are read again where all of them is asked for. */
  whole: (model: UpstreamModel) => UpstreamModel
}

/**
 * Parses a source, piece by piece where it is longer than `wholeBytes`.
 * @throws AppError `bad_gateway` when it holds no JSON object
 */
export function parseCatalog(content: Content, wholeBytes = MAX_WHOLE_BYTES): Catalog {
  const isOutlined = content.size > wholeBytes
  const json = parseJson(content, isOutlined)
  if (!isRecord(json)) throw notACatalog('its top level is no object')
  return { json, content, isOutlined }
}

/**
 * Reads a catalog in the shape of models.dev's `api.json`, tolerantly: what does not parse is set aside and the rest
 * is returned, providers and models in the order of the source. The catalog is used up by it.
 * @throws AppError `bad_gateway` when it holds no model
 */
export function readUpstream({ json, content }: Catalog): Upstream {
  const whole = (model: UpstreamModel) => wholeModel(model, content)
  const upstream: Upstream = { providers: [], setAside: [], whole }
  for (const id of Object.keys(json)) {
    const value = json[id]
    const provider = readProvider(id, value, upstream.setAside)
    // A large catalog is not kept in memory twice.
    delete json[id]
    if ('message' in provider) upstream.setAside.push(withModels(at(JSON.stringify(id), provider), value))
    else upstream.providers.push({ ...provider, head: withoutOutlines(provider.head, content) })
  }
  return refuseEmpty(upstream)
}

function withModels(setAside: SetAside, provider: unknown): SetAside {
  const models = isRecord(provider) && isRecord(provider.models) ? Object.keys(provider.models).length : 0
  return models === 0 ? setAside : { ...setAside, models }
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
    const fault = modelIdFault ? { path: [], message: `the id ${modelIdFault.message}` } : faultOfModel(model)
    if (fault) setAside.push(at(`${JSON.stringify(id)}.models.${JSON.stringify(modelId)}`, fault))
    // The values themselves are kept, not zod's copies: a copy loses keys such as `__proto__`.
    else models.push([modelId, model as UpstreamModel])
  }
  return { id, head: head as UpstreamProviderHead, models }
}

/**
 * Sets aside what holds a number that no double can hold: JSON can write it, and reads it as infinite. It takes a look at
 * every value, so it is for a catalog of which that is known.
 * @throws AppError `bad_gateway` when no model is left
 */
export function setAsideInfinite({ providers, setAside, whole }: Upstream): Upstream {
  const kept: Upstream = { providers: [], setAside: [...setAside], whole }
  for (const { id, head, models } of providers) {
    const path = JSON.stringify(id)
    const fault = infinity(head)
    if (fault) {
      kept.setAside.push({ ...at(path, fault), models: models.length })
      continue
    }
    const finite = models.filter(([modelId, model]) => {
      const modelFault = infinity(whole(model))
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

function parseJson(content: Content, isOutlined: boolean): unknown {
  try {
    return isOutlined ? parseOutlined(content) : JSON.parse(content.read(0, content.size).toString())
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    const begins = content
      .read(0, Math.min(content.size, BEGINNING_BYTES))
      .toString()
      .slice(0, BEGINNING_LENGTH)
    throw notACatalog(`it is no JSON (${cause.message}); it begins ${JSON.stringify(begins)}`, cause)
  }
}

function notACatalog(why: string, cause?: unknown): AppError {
  return new AppError('bad_gateway', `the source is no models.dev catalog: ${why}`, { cause })
}

function at(path: string, fault: Fault): SetAside {
  const inside = fault.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  return { path: path + inside, reason: fault.message }
}
