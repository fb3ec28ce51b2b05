type Json = null | boolean | number | string | Json[] | JsonObject
type JsonObject = { [key: string]: Json }

export type Catalog = {
  providers: number
  models: number
  /** Prose left out, counted by where it stood. */
  descriptions: { providers: number; models: number; inside: number }
  text: string
}

export class SourceError extends Error {}

// The fixed order of object keys, at every depth. What is not named here follows by code point, so that a field
// models.dev adds tomorrow lands in the same place on every machine.
const KEY_ORDER = [
  ...['id', 'name', 'family', 'canonical_model_id', 'status', 'env', 'npm', 'api', 'doc', 'shape'],
  ...[
    'attachment',
    'reasoning',
    'reasoning_options',
    'tool_call',
    'structured_output',
    'temperature',
    'interleaved',
  ],
  ...['knowledge', 'release_date', 'last_updated', 'open_weights', 'modalities', 'limit', 'context'],
  ...['cost', 'input', 'output', 'cache_read', 'cache_write', 'input_audio', 'output_audio', 'tier', 'tiers'],
  ...['context_over_200k', 'provider', 'experimental'],
]
const RANK = new Map(KEY_ORDER.map((key, rank) => [key, rank]))

// What a client sends on the wire: a `description` in there would be data, not prose.
const VERBATIM = new Set(['body', 'headers'])

/**
 * models.dev's api.json → the same shape, as text: one model a line, providers and models by code point, prose left
 * out, all else kept. The text is written piece by piece, because an object would put integer-like keys first.
 */
export function formatCatalog(source: string): Catalog {
  const catalog = parseCatalog(source)
  const descriptions = { providers: 0, models: 0, inside: 0 }
  const inside = () => {
    descriptions.inside += 1
  }
  let models = 0
  const blocks = sortedEntries(catalog).map(([id, provider]) => {
    const { models: map, ...fields } = provider
    const head = jsonText(fields, countOf(descriptions, 'providers'), inside).slice(0, -1)
    const lines = sortedEntries(map).map(([modelId, model]) => {
      models += 1
      return `${JSON.stringify(modelId)}:${jsonText(model, countOf(descriptions, 'models'), inside)}`
    })
    const open = `${JSON.stringify(id)}:${head}${head === '{' ? '' : ','}"models":{`
    return lines.length === 0 ? `${open}}}` : `${open}\n${lines.join(',\n')}\n}}`
  })
  return { providers: blocks.length, models, descriptions, text: `{\n${blocks.join(',\n')}\n}\n` }
}

/** UTF-8 sorts as code points do; JavaScript's own order goes by UTF-16 units and differs past U+FFFF. */
function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

type Provider = JsonObject & { models: Record<string, JsonObject> }

function parseCatalog(source: string): Record<string, Provider> {
  const root = parseJson(source)
  if (!isObject(root)) throw new SourceError('is no catalog: not an object of providers')
  const providers: Record<string, Provider> = Object.create(null)
  let models = 0
  for (const [id, value] of Object.entries(root)) {
    if (!isObject(value)) throw new SourceError(`is no catalog: provider ${JSON.stringify(id)} is no object`)
    const map = value.models
    if (!isObject(map)) throw new SourceError(`is no catalog: provider ${JSON.stringify(id)} has no models`)
    const ofProvider: Record<string, JsonObject> = Object.create(null)
    for (const [modelId, model] of Object.entries(map)) {
      if (!isObject(model))
        throw new SourceError(`is no catalog: model ${JSON.stringify(`${id}/${modelId}`)} is no object`)
      ofProvider[modelId] = model
      models += 1
    }
    providers[id] = { ...value, models: ofProvider }
  }
  if (models === 0) throw new SourceError('is no catalog: it holds no model')
  const lost = lossyNumber(source)
  if (lost !== undefined) throw new SourceError(`holds a number that would lose digits: ${lost}`)
  return providers
}

function parseJson(source: string): Json {
  try {
    return JSON.parse(source)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replaceAll(/\s+/g, ' ') : String(cause)
    throw new SourceError(`is no JSON: ${reason}`, { cause })
  }
}

/** The first number of a valid JSON text that parsing and writing would change, in value, not in spelling. */
function lossyNumber(source: string): string | undefined {
  const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
  for (const [token] of source.matchAll(tokens)) {
    if (token.startsWith('"')) continue
    const kept = JSON.stringify(Number(token))
    if (kept !== token && decimal(kept) !== decimal(token)) return token
  }
  return undefined
}

/** A decimal in one spelling: sign, digits without zeros at either end, exponent. */
function decimal(text: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (parts === null) return text
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const short = digits.replace(/0+$/, '')
  if (short === '') return `${sign}0`
  return `${sign}${short}e${Number(exponent) - fraction.length + digits.length - short.length}`
}

function jsonText(object: JsonObject, onProse: () => void, onInnerProse: () => void): string {
  const fields = sortedEntries(object, byKeyOrder).flatMap(([key, value]) => {
    if (key === 'description' && typeof value === 'string') {
      onProse()
      return []
    }
    return [`${JSON.stringify(key)}:${VERBATIM.has(key) ? verbatim(value) : valueText(value, onInnerProse)}`]
  })
  return `{${fields.join(',')}}`
}

function valueText(value: Json, onProse: () => void): string {
  if (Array.isArray(value)) return `[${value.map((item) => valueText(item, onProse)).join(',')}]`
  return isObject(value) ? jsonText(value, onProse, onProse) : JSON.stringify(value)
}

function verbatim(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(verbatim).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const fields = sortedEntries(value, byKeyOrder).map(
    ([key, field]) => `${JSON.stringify(key)}:${verbatim(field)}`,
  )
  return `{${fields.join(',')}}`
}

function sortedEntries<T>(object: Record<string, T>, order = compareCodePoints): [string, T][] {
  return Object.entries(object).sort(([a], [b]) => order(a, b))
}

function byKeyOrder(a: string, b: string): number {
  const rank = (RANK.get(a) ?? KEY_ORDER.length) - (RANK.get(b) ?? KEY_ORDER.length)
  return rank === 0 ? compareCodePoints(a, b) : rank
}

function countOf(counts: Catalog['descriptions'], key: 'providers' | 'models'): () => void {
  return () => {
    counts[key] += 1
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
