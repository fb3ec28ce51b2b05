import { wildcardCount } from './patterns.ts'
import { faultOf, idSchema, isRecord, modelFault, providerIdSchema, providerSchema } from './schema.ts'

/** Most models, providers and patterns that an overlay names. */
const MAX_ENTRIES = 10_000
/** Most patterns with a `*`: each is held against every id of the catalog. */
const MAX_WILDCARDS = 256
/** How deep objects and lists of an overlay may stand in each other; models.dev's own are six deep. */
const MAX_DEPTH = 32
/** Longest pattern, and longest dotted name of a field, in UTF-16 code units. */
const MAX_PATTERN_LENGTH = 1_024

/** An object of JSON. */
export type Json = Record<string, unknown>

/** What a platform team adds to upstream's catalog, changes in it and leaves out of it. */
export interface Overlay {
  /** The file as sent, whatever its format: equal content is an equal overlay. */
  content: Json
  /** Whole providers and models. */
  add: ReadonlyMap<string, OverlaidProvider>
  /** JSON Merge Patches (RFC 7396) of what upstream has. */
  override: ReadonlyMap<string, OverlaidProvider>
  /** Ids and patterns; without a list everything is allowed. */
  allow: readonly string[] | undefined
  deny: readonly string[]
}

export interface OverlaidProvider {
  /** What is said of the provider itself; null where it is removed. */
  head: Json | null
  /** By model ID; null where the model is removed. */
  models: ReadonlyMap<string, Json | null>
}

/** What is wrong, and where. */
export interface OverlayFault {
  path: string
  message: string
}

const SECTIONS = ['add', 'override', 'remove', 'allow', 'deny'] as const

/** Reads the value of an overlay file. All that is wrong with it comes back at once; it is good where nothing is. */
export function parseOverlay(content: unknown): { overlay: Overlay; faults: OverlayFault[] } {
  const faults: OverlayFault[] = []
  const overlay = { content: {}, add: new Map(), override: new Map(), allow: undefined, deny: [] }
  const fault = (path: string, message: string) => void faults.push({ path, message })
  if (!isRecord(content)) {
    fault('top level', 'is no object')
    return { overlay, faults }
  }
  const unfit = unfitValue(content, [])
  if (unfit !== undefined) return { overlay, faults: [unfit] }
  for (const name of Object.keys(content)) {
    if (SECTIONS.some((section) => section === name)) continue
    fault(JSON.stringify(name), `is no part of an overlay: those are ${SECTIONS.join(', ')}`)
  }
  const add = providersOf(content.add, 'add', fault)
  const override = providersOf(content.override, 'override', fault)
  remove(content.remove, override, fault)
  const allow = content.allow === undefined ? undefined : patternsOf(content.allow, 'allow', fault)
  const deny = patternsOf(content.deny, 'deny', fault)
  const entries = count(add) + count(override) + (allow?.length ?? 0) + deny.length
  if (entries > MAX_ENTRIES) fault('top level', `has ${entries} entries, more than ${MAX_ENTRIES}`)
  const wildcards = wildcardCount([...(allow ?? []), ...deny])
  if (wildcards > MAX_WILDCARDS)
    fault('allow, deny', `have ${wildcards} patterns with *, more than ${MAX_WILDCARDS}`)
  return { overlay: { content, add, override, allow, deny }, faults }
}

type Report = (path: string, message: string) => void
type Providers = Map<string, { head: Json | null; models: Map<string, Json | null> }>

/** Numbers that JSON cannot write, and what stands too deep to be walked through. */
function unfitValue(value: unknown, path: readonly string[]): OverlayFault | undefined {
  if (path.length > MAX_DEPTH)
    return { path: pathOf(path.slice(0, 3)), message: `is more than ${MAX_DEPTH} deep` }
  if (typeof value === 'number' && !Number.isFinite(value))
    return { path: pathOf(path), message: 'is out of range' }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, member] of Object.entries(value)) {
    const fault = unfitValue(member, [...path, key])
    if (fault !== undefined) return fault
  }
  return undefined
}

function providersOf(value: unknown, section: 'add' | 'override', fault: Report): Providers {
  const providers: Providers = new Map()
  if (value === undefined) return providers
  if (!isRecord(value)) {
    fault(section, 'is no object')
    return providers
  }
  const isRemoval = (sent: unknown) => section === 'override' && sent === null
  for (const [id, sent] of Object.entries(value)) {
    const path = [section, id]
    const idFault = faultOf(providerIdSchema, id)
    if (idFault) fault(pathOf(path), `the id ${idFault.message}`)
    else if (isRemoval(sent)) providers.set(id, { head: null, models: new Map() })
    else if (!isRecord(sent)) fault(pathOf(path), 'is no object')
    else {
      const { models = {}, ...head } = sent
      check(path, id, head, faultOf(providerSchema, head), fault)
      if (!isRecord(models)) fault(pathOf([...path, 'models']), 'is no object')
      else providers.set(id, { head, models: modelsOf(models, [...path, 'models'], isRemoval, fault) })
    }
  }
  return providers
}

function modelsOf(
  sent: Json,
  path: readonly string[],
  isRemoval: (model: unknown) => boolean,
  fault: Report,
): Map<string, Json | null> {
  const models = new Map<string, Json | null>()
  for (const [id, model] of Object.entries(sent)) {
    const idFault = faultOf(idSchema, id)
    if (idFault) fault(pathOf([...path, id]), `the id ${idFault.message}`)
    else if (isRemoval(model)) models.set(id, null)
    else {
      check([...path, id], id, model, modelFault(model), fault)
      if (isRecord(model)) models.set(id, model)
    }
  }
  return models
}

function check(
  path: readonly string[],
  id: string,
  sent: unknown,
  found: ReturnType<typeof modelFault>,
  fault: Report,
): void {
  if (found) fault(pathOf([...path, ...found.path.map(String)]), found.message)
  else if (isRecord(sent) && sent.id !== undefined && sent.id !== id)
    fault(pathOf([...path, 'id']), `is not ${JSON.stringify(id)}, under which it stands`)
}

/** `remove` says with ids and dotted fields what `override` says with nulls, which TOML does not have. */
function remove(value: unknown, override: Providers, fault: Report): void {
  if (value === undefined) return
  if (!isRecord(value)) {
    fault('remove', 'is no object')
    return
  }
  for (const [id, fields] of Object.entries(value)) {
    const message = removeFields(id, fields, override)
    if (message !== undefined) fault(pathOf(['remove', id]), message)
  }
}

/** @returns what is wrong */
function removeFields(id: string, fields: unknown, override: Providers): string | undefined {
  const [providerId, modelId] = splitId(id)
  if (faultOf(providerIdSchema, providerId) || modelId === '') return 'is no id of a provider or model'
  if (!Array.isArray(fields) || fields.length === 0 || !fields.every(isFieldName))
    return 'is no list of fields (to remove a whole provider or model, deny it)'
  const provider = override.get(providerId) ?? { head: {}, models: new Map() }
  const held = modelId === undefined ? provider.head : provider.models.get(modelId)
  if (held === null || provider.head === null) return 'is removed as a whole by override'
  const patch = structuredClone(held ?? {})
  for (const field of fields) {
    if (modelId === undefined && /^models(\.|$)/.test(field)) return 'cannot remove models: deny them'
    if (!setNull(patch, field.split('.'))) return `${field} is set by override`
  }
  if (modelId === undefined) provider.head = patch
  else provider.models.set(modelId, patch)
  override.set(providerId, provider)
  return undefined
}

function isFieldName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_PATTERN_LENGTH && !value.split('.').includes('')
}

/** Puts a null where nothing stands. @returns whether it is there */
function setNull(target: Json, [key = '', ...rest]: readonly string[]): boolean {
  const held = Object.hasOwn(target, key) ? target[key] : undefined
  if (rest.length > 0 && held !== undefined) return isRecord(held) && setNull(held, rest)
  if (held !== undefined) return held === null
  const value = rest.length > 0 ? {} : null
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  return value === null || setNull(value, rest)
}

function patternsOf(value: unknown, section: string, fault: Report): string[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) {
    fault(section, 'is no list')
    return []
  }
  return value.filter((pattern, place) => {
    const isPattern = typeof pattern === 'string' && pattern !== '' && pattern.length <= MAX_PATTERN_LENGTH
    if (!isPattern) fault(`${section}[${place}]`, 'is no id, and no pattern such as provider/*-preview')
    return isPattern
  })
}

/** The provider and, behind the first slash, the model ID. */
function splitId(id: string): [provider: string, modelId: string | undefined] {
  const slash = id.indexOf('/')
  return slash === -1 ? [id, undefined] : [id.slice(0, slash), id.slice(slash + 1)]
}

function count(providers: Providers): number {
  return [...providers.values()].reduce((sum, { models }) => sum + 1 + models.size, 0)
}

/** Keys as they are where they are plain words, else quoted. */
function pathOf(keys: readonly string[]): string {
  return keys.map((key) => (/^\w{1,64}$/.test(key) ? key : shown(key))).join('.')
}

/** An id may be hostile: the whole of a very long one helps nobody. */
const SHOWN_LENGTH = 80

function shown(key: string): string {
  return JSON.stringify(key.length > SHOWN_LENGTH ? `${key.slice(0, SHOWN_LENGTH)}…` : key)
}
