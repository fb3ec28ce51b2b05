import type { Change, Entry } from '../wire.ts'
import type { NewsKind } from './kinds.ts'

/** What is told of one model on one day. */
export interface News {
  /** `YYYY-MM-DD`, or less where no more is known. */
  day: string
  id: string
  /** Undefined where the history does not hold it. */
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
    day: release_date ?? '',
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

/** The two in a row; what they tell of one model and day at their seam becomes one. */
export function joined(before: readonly News[], after: readonly News[]): News[] {
  const [last, first] = [before.at(-1), after[0]]
  if (last === undefined || first === undefined || last.id !== first.id || last.day !== first.day) {
    return [...before, ...after]
  }
  return [...before.slice(0, -1), { ...last, steps: [...last.steps, ...first.steps] }, ...after.slice(1)]
}

function newsOf({ at, id, field, before, after }: Change): News {
  const day = at.slice(0, 'YYYY-MM-DD'.length)
  const steps = field === null ? [] : [{ field, before, after }]
  return { day, id, name: undefined, facts: undefined, steps }
}

/** A price that was not known before is neither a cut nor a rise. */
function isOfKind({ model_id, before, after }: Change, kind: NewsKind): boolean {
  if (model_id === null) return false
  if (kind !== 'cuts' && kind !== 'rises') return true
  if (typeof before !== 'number' || typeof after !== 'number') return false
  return kind === 'cuts' ? after < before : after > before
}

/** By how much a price fell or rose; from free to a price there is no such figure. */
export function percent({ before, after }: Step): string | undefined {
  if (typeof before !== 'number' || typeof after !== 'number' || before === 0) return undefined
  const change = (after / before - 1) * 100
  const size = Math.abs(change)
  const figure = size >= 10 ? Math.round(size) : Number(size.toFixed(1))
  return `${change < 0 ? '−' : '+'}${figure.toLocaleString('en')}%`
}
