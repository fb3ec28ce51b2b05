import { readFileSync } from 'node:fs'

/**
 * The catalogs of the seed's history, read from `seed/` alone: the last one, and the changes that led to it undone one
 * date after the other. It shares nothing with the service.
 */

const SEED = new URL('../../seed/', import.meta.url)

type Json = Record<string, unknown>
type Catalog = Record<string, Json & { models: Record<string, Json> }>
type Change = [kind: string, id: string, ...rest: unknown[]]

interface SeedState {
  date: string
  version: string
  providers: number
  models: number
  changes: Change[]
}

export const SEED_STATES: readonly SeedState[] = read('history.json').states

/** A date's catalog in the shape of api.json. */
export function seedCatalog(date: string): { catalog: Catalog; version: string } {
  const catalog: Catalog = read('catalog.json')
  for (const state of SEED_STATES.toReversed()) {
    if (state.date === date) return { catalog, version: state.version }
    // A provider that went is there again before its models, and one that came goes after them.
    const byStage = Object.groupBy(state.changes, ([kind, id]) => {
      return id.includes('/') ? 'models' : kind === 'removed' ? 'gone' : 'heads'
    })
    for (const stage of ['gone', 'models', 'heads'] as const) {
      for (const change of byStage[stage]?.toReversed() ?? []) undo(catalog, change)
    }
  }
  throw new Error(`the seed has no state of ${date}`)
}

function undo(catalog: Catalog, [kind, id, ...rest]: Change): void {
  const slash = id.indexOf('/')
  const provider = slash < 0 ? id : id.slice(0, slash)
  const modelId = id.slice(slash + 1)
  const held = catalog[provider]
  if (slash < 0 && kind === 'removed') catalog[provider] = { id, ...(rest[0] as Json), models: {} }
  else if (slash < 0 && kind !== 'changed') delete catalog[provider]
  else if (held === undefined) throw new Error(`${id}: its provider is not there`)
  else if (kind === 'removed') held.models[modelId] = { id: modelId, ...(rest[0] as Json) }
  else if (kind === 'renamed') rename(held.models, modelId, String(rest[0]).slice(slash + 1))
  else if (kind !== 'changed') delete held.models[modelId]
  else setField(slash < 0 ? held : held.models[modelId], String(rest[0]), rest[1] as [unknown?])
}

function rename(models: Record<string, Json>, from: string, to: string): void {
  const { [from]: model } = models
  delete models[from]
  // One that came back under another id was not there.
  if (model !== undefined) models[to] = { ...model, id: to }
}

function setField(of: Json | undefined, field: string, before: [unknown?]): void {
  const [name = '', member] = field.split('.')
  if (of === undefined) throw new Error(`${field}: of nothing`)
  if (member !== undefined) {
    const parent = { ...(of[name] as Json) }
    setField(parent, member, before)
    of[name] = parent
    if (Object.keys(parent).length === 0) delete of[name]
  } else if (before.length === 0) delete of[name]
  else of[name] = before[0]
}

function read(name: string) {
  return JSON.parse(readFileSync(new URL(name, SEED), 'utf8'))
}
