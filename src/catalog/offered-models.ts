import { unpackedIds } from '../db/members.ts'
import { perConnection } from '../db/per-connection.ts'
import { equalityKey, fold } from '../db/search-text.ts'
import { OFFER_RULES, type OfferRule, offerSetValue, readings, spellingKey } from '../db/spellings.ts'

/** An entry, by its row, as an offer of a model. */
export interface FoundOffer {
  row: number
  matchedBy: OfferRule
}

interface FoundEntry {
  row: number
  /** As it is spelt. */
  id: string
}

/** Finds entries by the models they are offers of, as the ingest told them (ingest/offered-models.ts). */
export interface OfferedModels {
  /** The offers of `lab/model`, letter case aside; none where it is no model's name. */
  offersOf(model: string): FoundOffer[]
  /** The models that are called so, without their lab. */
  called(name: string): string[]
  /** The model that an entry is an offer of. */
  modelOf(row: number): string
  /** The entries of this id, letter case aside: the one that is spelt so stands in front. */
  rowsOf(id: string): FoundEntry[]
}

interface Identity {
  id: string
  modelId: string
  canonicalModelId: string | null
  lab: string
}

export const offeredModels = perConnection((db): OfferedModels => {
  const entries = db.prepare<[], number>('SELECT models FROM dataset').pluck()
  const places = OFFER_RULES.map(() => '?').join(', ')
  const sets = db.prepare<string[], { value: string; members: Buffer }>(
    `SELECT value, members FROM entry_set WHERE kind = 'offer' AND value IN (${places})`,
  )
  const named = db
    .prepare<[string], Buffer>(`SELECT members FROM entry_set WHERE kind = 'model_name' AND value = ?`)
    .pluck()
  const identity = db.prepare<[number], Identity>(
    `SELECT m.id, m.model_id AS modelId, m.canonical_model_id AS canonicalModelId, e.lab
     FROM model m JOIN entry e ON e.id = m.pk WHERE m.pk = ?`,
  )
  const byKey = db
    .prepare<[string], number>(`SELECT entry FROM entry_key WHERE kind = 'id' AND key = ? ORDER BY entry`)
    .pluck()

  const idsOf = (members: Buffer) => unpackedIds(members, entries.get() ?? 0)
  const offersOf = (model: string): FoundOffer[] => {
    const byRule = new Map(OFFER_RULES.map((rule) => [offerSetValue(rule, model), rule]))
    return sets.all(...byRule.keys()).flatMap(({ value, members }) => {
      const matchedBy = byRule.get(value)
      return matchedBy === undefined ? [] : idsOf(members).map((row) => ({ row, matchedBy }))
    })
  }
  const called = (name: string) => {
    const members = named.get(spellingKey(name))
    const rows = members === undefined ? [] : idsOf(members)
    return rows.flatMap((row) => nameAfter(identity.get(row)))
  }
  return {
    offersOf,
    called,
    modelOf(row) {
      const [own = ''] = nameAfter(identity.get(row))
      const read = readings(identity.get(row)?.modelId ?? '').flatMap(({ text }) => called(text))
      return [own, ...read].find((model) => offersOf(model).some((offer) => offer.row === row)) ?? own
    },
    rowsOf(id) {
      const alike = byKey.all(equalityKey(fold(id))).map((row) => ({ row, id: identity.get(row)?.id ?? '' }))
      return alike
        .filter((other) => other.id.toLowerCase() === id.toLowerCase())
        .sort((a, b) => Number(b.id === id) - Number(a.id === id))
    },
  }
})

/** What upstream calls the model of an entry, else what the ingest calls a model that it names after the entry. */
function nameAfter(entry: Identity | undefined): string[] {
  if (entry === undefined) return []
  const { canonicalModelId, lab, modelId } = entry
  if (canonicalModelId?.includes('/')) return [canonicalModelId]
  return [`${lab}/${modelId.slice(modelId.lastIndexOf('/') + 1)}`]
}
