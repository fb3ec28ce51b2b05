import type { OfferSet } from '../db/entry-sets.ts'
import { holdsDigit } from '../db/search-text.ts'
import { lastSegment, type OfferRule, offerSetValue, readings, spellingKey } from '../db/spellings.ts'
import type { UpstreamModel } from '../source/schema.ts'
import type { Placed } from './order.ts'

/** What is known of an entry when it is told which model it is an offer of. */
export type Offered = Pick<Placed, 'provider' | 'modelId' | 'lab'> & {
  model: Pick<UpstreamModel, 'canonical_model_id'>
}

/** Which model an entry is an offer of, and how that is known. */
export interface OfferedModel {
  /** `lab/model`. */
  model: string
  matchedBy: OfferRule
}

/** A model that upstream names. */
interface Named {
  /** `lab/model`. */
  model: string
  lab: string
}

/**
 * Tells the models of all entries, which come in the standing order. A model is named by upstream; else the first entry
 * that is spelt so names it. No spelling that is shared by two models leads to either, but by the lab.
 */
export function modelTeller(entries: readonly Offered[]): (entry: Offered) => OfferedModel {
  const canonical = new Map<string, Named[]>()
  for (const entry of entries) {
    const model = canonicalOf(entry)
    if (model !== undefined) addName(canonical, model)
  }
  /** Of the models that upstream does not name the entry that each is named after. */
  const own = new Map<string, Offered>()
  for (const entry of entries) {
    if (canonicalOf(entry) !== undefined || byCanonicalName(canonical, entry) !== undefined) continue
    const key = ownKey(entry, lastSegment(entry.modelId))
    if (!own.has(key)) own.set(key, entry)
  }
  return (entry) => {
    const model = canonicalOf(entry)
    if (model !== undefined) return { model, matchedBy: 'canonical_model_id' }
    return byCanonicalName(canonical, entry) ?? byOwnName(own, entry)
  }
}

/** The sets that an entry is found in: as an offer of its model, and under the names of the model it stands for. */
export function offerSets(
  entries: readonly Offered[],
): (entry: Offered) => [kind: OfferSet, value: string][] {
  const tell = modelTeller(entries)
  const named = new Set<string>()
  return (entry) => {
    const { model, matchedBy } = tell(entry)
    const sets: [kind: OfferSet, value: string][] = [['offer', offerSetValue(matchedBy, model)]]
    const isName = matchedBy === 'canonical_model_id' || matchedBy === 'own_id'
    const name = model.toLowerCase()
    if (!isName || named.has(name)) return sets
    named.add(name)
    const key = spellingKey(lastSegment(model))
    return key === '' ? sets : [...sets, ['model_name', key]]
  }
}

/** An id that names no lab is no name of a model. */
export function canonicalOf({ model }: Offered): string | undefined {
  const { canonical_model_id: id } = model
  return id?.includes('/') ? id : undefined
}

function addName(names: Map<string, Named[]>, model: string): void {
  const key = spellingKey(lastSegment(model))
  const known = names.get(key)
  if (key === '' || known?.some((other) => other.model === model)) return
  const named: Named = { model, lab: model.slice(0, model.indexOf('/')) }
  if (known === undefined) names.set(key, [named])
  else known.push(named)
}

/** The surest reading that is the name of one model, or of one model of the entry's lab. */
function byCanonicalName(names: Map<string, Named[]>, { modelId, lab }: Offered): OfferedModel | undefined {
  for (const reading of readings(modelId)) {
    const named = names.get(spellingKey(reading.text)) ?? []
    const only = named.length > 1 ? named.filter((each) => each.lab === lab) : named
    if (only.length === 1 && only[0] !== undefined) return { model: only[0].model, matchedBy: reading.rule }
  }
  return undefined
}

/** The plainest reading that some entry has for an id: all others are ways to spell that. */
function byOwnName(own: ReadonlyMap<string, Offered>, entry: Offered): OfferedModel {
  for (const reading of readings(entry.modelId).reverse()) {
    const first = own.get(ownKey(entry, reading.text))
    if (first === undefined) continue
    return { model: nameAfter(first), matchedBy: isSameEntry(first, entry) ? 'own_id' : reading.rule }
  }
  return { model: nameAfter(entry), matchedBy: 'own_id' }
}

/** Many have an `auto` or a `fast` of their own: a name without a digit is a model's only within its lab. */
function ownKey({ lab }: Offered, segment: string): string {
  const key = spellingKey(segment)
  return holdsDigit(key) ? key : `${lab.toLowerCase()}/${key || segment}`
}

function nameAfter({ modelId, lab }: Offered): string {
  return `${lab}/${modelId.slice(modelId.lastIndexOf('/') + 1)}`
}

function isSameEntry(a: Offered, b: Offered): boolean {
  return a.provider === b.provider && a.modelId === b.modelId
}
