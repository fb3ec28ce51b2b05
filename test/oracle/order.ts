// Whose model an entry is, and what comes before what.
import type { Catalog, InferenceCatalogEntry, SourceModel } from './entry.ts'
import { compareCodePoints, fold, joinedForm, standsInRuns, type Text, termsOf } from './text.ts'

export interface Parties {
  makes: Record<string, string[]>
  hosts: string[]
}

export interface Indexed {
  entry: InferenceCatalogEntry
  modelId: string
  family: string | null
  lab: string
  party: 0 | 1 | 2
  deprecated: boolean
  featuredRank: number
  /** The id and the name, if it has one: where a query's terms are looked up. */
  texts: Text[]
  id: Text
  model: Text
  lastSegment: Text
  name: Text | null
}

interface QueryKeys {
  notTheFullId: number
  group: 0 | 1 | 2
  deprecated: number
  party: number
  closeness: number
}

/** The lab most of a family's entries belong to, counted over those that name their canonical model. */
export function labsByFamily(catalog: Catalog): Map<string, string> {
  const counts = new Map<string, Map<string, number>>()
  for (const { models } of Object.values(catalog)) {
    for (const { family, canonical_model_id: canonical } of Object.values(models)) {
      if (!family || !canonical) continue
      const labs = counts.get(family) ?? new Map<string, number>()
      const lab = firstSegment(canonical)
      counts.set(family, labs.set(lab, (labs.get(lab) ?? 0) + 1))
    }
  }
  const winners = new Map<string, string>()
  for (const [family, labs] of counts) {
    const ranked = [...labs].sort(([a, m], [b, n]) => n - m || compareCodePoints(b, a))
    winners.set(family, ranked[0]?.[0] ?? '')
  }
  return winners
}

export function labOf(
  provider: string,
  modelId: string,
  model: SourceModel,
  families: ReadonlyMap<string, string>,
): string {
  if (model.canonical_model_id) return firstSegment(model.canonical_model_id)
  const familyLab = model.family ? families.get(model.family) : undefined
  if (familyLab !== undefined) return familyLab
  return modelId.includes('/') ? firstSegment(modelId) : provider
}

export function partyOf(provider: string, lab: string, parties: Parties): 0 | 1 | 2 {
  const made = Object.hasOwn(parties.makes, provider) ? parties.makes[provider] : undefined
  if (made?.includes(lab)) return 0
  return parties.hosts.includes(provider) ? 1 : 2
}

export function lastSegmentOf(modelId: string): string {
  return modelId.slice(modelId.lastIndexOf('/') + 1)
}

function firstSegment(id: string): string {
  return id.split('/')[0] ?? ''
}

export function compareStanding(a: Indexed, b: Indexed): number {
  return (
    Number(a.deprecated) - Number(b.deprecated) ||
    compareRanks(a, b) ||
    a.party - b.party ||
    compareDates(a, b) ||
    compareTie(a, b)
  )
}

export function compareRanks(a: Indexed, b: Indexed): number {
  return a.featuredRank === b.featuredRank ? 0 : a.featuredRank < b.featuredRank ? -1 : 1
}

export function compareByQuery(a: Indexed & { keys: QueryKeys }, b: Indexed & { keys: QueryKeys }): number {
  return (
    a.keys.notTheFullId - b.keys.notTheFullId ||
    a.keys.group - b.keys.group ||
    a.keys.deprecated - b.keys.deprecated ||
    a.keys.party - b.keys.party ||
    a.keys.closeness - b.keys.closeness ||
    compareDates(a, b) ||
    compareTie(a, b)
  )
}

/** Newer first, as text; unknown last. */
function compareDates(a: Indexed, b: Indexed): number {
  const left = a.entry.release_date
  const right = b.entry.release_date
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  return compareCodePoints(right, left)
}

function compareTie(a: Indexed, b: Indexed): number {
  return compareCodePoints(a.entry.provider, b.entry.provider) || compareCodePoints(a.modelId, b.modelId)
}

export function queryKeys(item: Indexed, query: string): QueryKeys {
  const whole = fold(query)
  const measured = closenessOf(item, whole)
  const isOthersCopy = measured === 0 && item.party === 2
  const closeness = isOthersCopy ? 1 : measured
  return {
    notTheFullId: equals(whole, item.id) ? 0 : 1,
    group: closeness === 0 ? 0 : closeness === 3 ? 2 : 1,
    deprecated: Number(item.deprecated),
    party: item.party,
    closeness,
  }
}

function closenessOf(item: Indexed, whole: string): 0 | 1 | 2 | 3 {
  const { model, lastSegment, name } = item
  const heads = name === null ? [lastSegment] : [lastSegment, name]
  if ([model, ...heads].some((text) => equals(whole, text))) return 0
  const joined = joinedForm(whole)
  if (joined !== '' && heads.some((text) => text.joined.startsWith(joined))) return 1
  if (termsOf(whole).every((term) => item.texts.some((text) => standsInRuns(term, text)))) return 2
  return 3
}

function equals(whole: string, text: Text): boolean {
  const joined = joinedForm(whole)
  return whole === text.folded || (joined !== '' && joined === text.joined)
}
