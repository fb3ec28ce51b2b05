import { isRecord } from '../model-words.ts'
import type { Change, Entry } from '../wire.ts'
import type { NewsKind } from './kinds.ts'

/** What is told of one model at one time. */
export interface News {
  /** RFC 3339; of a new model its release date, as upstream has it, '' where that is unknown. */
  at: string
  id: string
  /** Undefined where nobody knows it. */
  name: string | undefined
  /** What the catalog says of it that came anew. */
  facts: { cost: Entry['cost']; context: number | null } | undefined
  /** What became of its prices or status. */
  steps: readonly Step[]
}

export interface Step {
  field: string
  before: unknown
  after: unknown
}

export function newsOfModels(models: readonly Entry[]): News[] {
  return models.map(({ id, name, release_date, cost, limits }) => ({
    at: release_date ?? '',
    id,
    name: name ?? undefined,
    facts: { cost, context: limits?.context ?? null },
    steps: [],
  }))
}

export function newsOfChanges(changes: readonly Change[], kind: NewsKind): News[] {
  const news = changes.filter((change) => isOfKind(change, kind)).map(newsOf)
  return news.reduce<News[]>((before, one) => joined(before, [one]), [])
}

/** The two in a row; what they tell of one model and time at their seam becomes one. */
export function joined(before: readonly News[], after: readonly News[]): News[] {
  const [last, first] = [before.at(-1), after[0]]
  if (last === undefined || first === undefined || last.id !== first.id || last.at !== first.at) {
    return [...before, ...after]
  }
  return [...before.slice(0, -1), { ...last, steps: [...last.steps, ...first.steps] }, ...after.slice(1)]
}

function newsOf({ at, id, name, field, before, after }: Change): News {
  const steps = field === null ? [] : [{ field, before, after }]
  // Of a model that was removed it is all that was known of it.
  const known = isRecord(before) && typeof before.name === 'string' ? before.name : undefined
  return { at, id, name: name ?? known, facts: undefined, steps }
}

/** A price that was not known before, or that varies, is neither a cut nor a rise. */
function isOfKind({ model_id, before, after }: Change, kind: NewsKind): boolean {
  if (model_id === null) return false
  if (kind !== 'cuts' && kind !== 'rises') return true
  if (!isPrice(before) || !isPrice(after)) return false
  return kind === 'cuts' ? after < before : after > before
}

function isPrice(value: unknown): value is number {
  return typeof value === 'number' && value >= 0
}

/** By how much a price fell or rose; from free to a price there is no such figure. */
export function percent({ before, after }: Step): string | undefined {
  if (!isPrice(before) || !isPrice(after) || before === 0) return undefined
  const change = (after / before - 1) * 100
  const size = Math.abs(change)
  const figure = size >= 10 ? Math.round(size) : Number(size.toFixed(1))
  return `${change < 0 ? '−' : '+'}${figure.toLocaleString('en')}%`
}
