import { z } from 'zod'
import type { UpstreamModel } from '../source/schema.ts'
import type { UpstreamProvider } from '../source/upstream.ts'

/** The curated lists that order the catalog: `seed/parties.json` and `seed/featured.json`. */
export interface Curation {
  /** Provider → the labs whose models it makes. */
  makes: Map<string, Set<string>>
  hosts: Set<string>
  /** Model id → place in the curated set, from 0. */
  featured: Map<string, number>
}

const partiesSchema = z.looseObject({
  makes: z.record(z.string(), z.array(z.string())),
  hosts: z.array(z.string()),
})
const featuredSchema = z.looseObject({ models: z.array(z.looseObject({ id: z.string() })) })

/** Reads the texts of the two files. */
export function parseCuration(texts: { parties: string; featured: string }): Curation {
  const { makes, hosts } = partiesSchema.parse(JSON.parse(texts.parties))
  const { models } = featuredSchema.parse(JSON.parse(texts.featured))
  return {
    makes: new Map(Object.entries(makes).map(([provider, labs]) => [provider, new Set(labs)])),
    hosts: new Set(hosts),
    featured: new Map(models.map(({ id }, rank) => [id, rank])),
  }
}

/** What decides an entry's place. */
export interface Placed {
  provider: string
  modelId: string
  model: UpstreamModel
  lab: string
  party: Party
  deprecated: boolean
  featured: number | null
  /** Place by release date alone, the newest first. */
  recency: number
  /** Place by provider, then by model ID. */
  tie: number
}

const MAKER = 0
const HOST = 1
const OTHER = 2
type Party = typeof MAKER | typeof HOST | typeof OTHER

/** All entries of a catalog in the contract's standing order. */
export function inStandingOrder(providers: readonly UpstreamProvider[], curation: Curation): Placed[] {
  const familyLabs = labsOfFamilies(providers)
  // Each lab's name once, however many models it has.
  const labs = new Map<string, string>()
  const sharedLab = (lab: string) => {
    const known = labs.get(lab)
    if (known === undefined) labs.set(lab, lab)
    return known ?? lab
  }
  let tie = 0
  const entries = inTieOrder(providers, (provider, modelId, model): Placed => {
    const lab = sharedLab(labOf(provider, modelId, model, familyLabs))
    return {
      provider,
      modelId,
      model,
      lab,
      party: partyOf(provider, lab, curation),
      deprecated: model.status === 'deprecated',
      featured: curation.featured.get(`${provider}/${modelId}`) ?? null,
      recency: 0,
      tie: tie++,
    }
  })
  for (const [recency, entry] of byRecency(entries).entries()) entry.recency = recency
  return entries.sort(byStandingOrder)
}

/** By provider, then by model ID, ascending by code point. */
function inTieOrder<T>(
  providers: readonly UpstreamProvider[],
  make: (provider: string, modelId: string, model: UpstreamModel) => T,
): T[] {
  const made: T[] = []
  for (const { id, models } of providers.toSorted((a, b) => compareCodePoints(a.id, b.id))) {
    const inOrder = models.toSorted(([a], [b]) => compareCodePoints(a, b))
    for (const [modelId, model] of inOrder) made.push(make(id, modelId, model))
  }
  return made
}

/** The newest release first, unknown last; entries of one date stay as they are. There are few dates. */
function byRecency(entries: readonly Placed[]): Placed[] {
  const { dated = [], undated = [] } = Object.groupBy(entries, ({ model: { release_date } }) =>
    release_date === null || release_date === undefined ? 'undated' : 'dated',
  )
  const byDate = Map.groupBy(dated, ({ model: { release_date } }) => release_date ?? '')
  const newestFirst = [...byDate].toSorted(([a], [b]) => compareCodePoints(b, a))
  return [...newestFirst.flatMap(([, sameDate]) => sameDate), ...undated]
}

function partyOf(provider: string, lab: string, { makes, hosts }: Curation): Party {
  if (makes.get(provider)?.has(lab)) return MAKER
  return hosts.has(provider) ? HOST : OTHER
}

function labOf(
  provider: string,
  modelId: string,
  { canonical_model_id, family }: UpstreamModel,
  familyLabs: Map<string, string>,
): string {
  if (canonical_model_id) return firstSegment(canonical_model_id)
  const familyLab = family ? familyLabs.get(family) : undefined
  return familyLab ?? (modelId.includes('/') ? firstSegment(modelId) : provider)
}

/** Family → the lab of most of its entries that name one; of equally many, the later by code point. */
function labsOfFamilies(providers: readonly UpstreamProvider[]): Map<string, string> {
  const counts = new Map<string, Map<string, number>>()
  for (const { models } of providers) {
    for (const [, { family, canonical_model_id }] of models) {
      if (!family || !canonical_model_id) continue
      const labs = counts.get(family) ?? new Map<string, number>()
      const lab = firstSegment(canonical_model_id)
      counts.set(family, labs.set(lab, (labs.get(lab) ?? 0) + 1))
    }
  }
  const most = (labs: Map<string, number>) =>
    [...labs].reduce((best, next) =>
      (next[1] - best[1] || compareCodePoints(next[0], best[0])) > 0 ? next : best,
    )[0]
  return new Map([...counts].map(([family, labs]) => [family, most(labs)]))
}

function firstSegment(id: string): string {
  return id.split('/', 1)[0] ?? id
}

function byStandingOrder(a: Placed, b: Placed): number {
  return (
    Number(a.deprecated) - Number(b.deprecated) ||
    (a.featured ?? Number.MAX_SAFE_INTEGER) - (b.featured ?? Number.MAX_SAFE_INTEGER) ||
    a.party - b.party ||
    a.recency - b.recency
  )
}

/** As `<` compares, but by code point: UTF-16 puts U+E000 to U+FFFF behind all characters beyond them. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index)
    const y = b.charCodeAt(index)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** Moves surrogates, which begin characters beyond U+FFFF, behind all other code units. */
function rank(codeUnit: number): number {
  return codeUnit >= 0xd800 && codeUnit <= 0xdfff ? codeUnit + 0x10000 : codeUnit
}
