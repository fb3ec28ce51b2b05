import { z } from 'zod'
import type { Database } from '../db/open.ts'
import { perConnection } from '../db/per-connection.ts'
import { equalityKey, fold, holdsDigit } from '../db/search-text.ts'
import { allReadings, OFFER_RULES } from '../db/spellings.ts'
import { entrySchema } from './entry.ts'
import { fromLitellmKey } from './litellm-providers.ts'
import { type FoundOffer, type OfferedModels, offeredModels } from './offered-models.ts'
import type { ResolveQuery } from './resolve-params.ts'

/** What an id says literally, letter case aside. */
const LITERAL_REASONS = ['exact', 'letter_case', 'litellm_key', 'without_provider'] as const
const CERTAIN: ReadonlySet<string> = new Set([...LITERAL_REASONS, 'canonical_model_id', 'own_id'])

const reasonSchema = z.enum([...LITERAL_REASONS, ...OFFER_RULES, 'dated_id'])

const matchSchema = z
  .object({
    matched_by: reasonSchema.meta({ description: 'How the id leads to this entry.' }),
    is_certain: z
      .boolean()
      .meta({ description: 'Whether that is written somewhere, or only the spelling tells it.' }),
    read_as: z.string().meta({ description: 'What the id was read as.' }),
    entry: entrySchema,
  })
  .meta({ id: 'CatalogMatch', description: 'An entry that an id means.' })

export const matchesSchema = z
  .object({
    id: z.string().meta({ description: 'The id that was asked for.' }),
    matches: z.array(matchSchema).meta({ description: 'The likeliest first; none rather than a near one.' }),
    total: z.int().nonnegative().meta({ description: 'All matches, whatever the limit.' }),
  })
  .meta({ id: 'CatalogMatches', description: 'What an id means.' })

export type CatalogMatches = z.infer<typeof matchesSchema>
type Match = z.infer<typeof matchSchema>

/** An entry, by its row, and why. */
interface Found {
  row: number
  matchedBy: Match['matched_by']
  readAs: string
}

const statements = perConnection((db) => ({
  providerOf: db.prepare<[number], string>('SELECT provider FROM model WHERE pk = ?').pluck(),
  body: db.prepare<[number], string>('SELECT json FROM entry_body WHERE id = ?').pluck(),
  byModelId: db.prepare<[string], { row: number; modelId: string }>(
    `SELECT m.pk AS row, m.model_id AS modelId FROM entry_key k CROSS JOIN model m ON m.pk = k.entry
     WHERE k.kind IN ('model', 'title') AND k.key = ?`,
  ),
}))

/**
 * The entries that an id means: those that it names, as an entry, as a LiteLLM key or as a model, and those whose model ID
 * it is; where it names none, also those of the model that the first reading of its spelling leads to.
 */
export function resolveId(db: Database, { id, provider, limit }: ResolveQuery): CatalogMatches {
  const models = offeredModels(db)
  const { providerOf, body } = statements(db)
  const passes = ({ row }: Found) => provider === undefined || providerOf.get(row)?.toLowerCase() === provider
  const keys = fromLitellmKey(id)
  const namedProviders = new Set([id.split('/', 1)[0], ...keys.map((key) => key.provider)])
  const isNamed = ({ row }: Found) => namedProviders.has(providerOf.get(row))

  const named = namedMatches(models, id, keys).filter(passes)
  const bare = rowsOfModelId(db, id).map((row): Found => ({ row, matchedBy: 'without_provider', readAs: id }))
  const spelt = named.length > 0 ? [] : firstReading(models, id, passes)
  const found = onlyOnce([...named, ...bare.filter(passes), ...spelt.filter(isNamed), ...spelt])
  const matches = found.slice(0, limit).map(
    ({ row, matchedBy, readAs }): Match => ({
      matched_by: matchedBy,
      is_certain: CERTAIN.has(matchedBy),
      read_as: readAs,
      entry: JSON.parse(body.get(row) ?? 'null'),
    }),
  )
  return { id, matches, total: found.length }
}

function namedMatches(models: OfferedModels, id: string, keys: ReturnType<typeof fromLitellmKey>): Found[] {
  const asId = models.rowsOf(id).map(
    ({ row, id: found }): Found => ({
      row,
      matchedBy: found === id ? 'exact' : 'letter_case',
      readAs: found,
    }),
  )
  const asKey = keys.flatMap(({ provider, modelId }) =>
    models
      .rowsOf(`${provider}/${modelId}`)
      .map(({ row, id: found }): Found => ({ row, matchedBy: 'litellm_key', readAs: found })),
  )
  const asModel = inStandingOrder(models.offersOf(id)).map((offer): Found => ({ ...offer, readAs: id }))
  return [...asId, ...asKey, ...asModel]
}

/** The rows of the entries whose model ID is this, letter case aside, in standing order. */
function rowsOfModelId(db: Database, modelId: string): number[] {
  const lower = modelId.toLowerCase()
  return statements(db)
    .byModelId.all(equalityKey(fold(modelId)))
    .filter((other) => other.modelId.toLowerCase() === lower)
    .map(({ row }) => row)
    .sort((a, b) => a - b)
}

/** What two models are called leads to neither. */
function firstReading(models: OfferedModels, id: string, passes: (found: Found) => boolean): Found[] {
  for (const { rule, text } of allReadings(id)) {
    const [model, ...others] = models.called(text)
    if (others.length > 0) return []
    if (model === undefined) continue
    const offers = inStandingOrder(models.offersOf(model))
    if (!isTelling(id, text, model, offers)) continue
    const found = offers.map(({ row }): Found => ({ row, matchedBy: rule, readAs: model })).filter(passes)
    if (found.length > 0) return found
  }
  return []
}

/** Many have a `fast` of their own: where upstream names no model, a name without a digit says nothing without its lab. */
function isTelling(id: string, name: string, model: string, offers: readonly FoundOffer[]): boolean {
  if (holdsDigit(name) || offers.some(({ matchedBy }) => matchedBy === 'canonical_model_id')) return true
  const [lab = ''] = model.toLowerCase().split('/', 1)
  return id.toLowerCase().split('/').includes(lab)
}

/** Row ids stand in that order. */
function inStandingOrder<Offer extends { row: number }>(offers: readonly Offer[]): Offer[] {
  return offers.toSorted((a, b) => a.row - b.row)
}

/** The first reason of each entry. */
function onlyOnce(found: readonly Found[]): Found[] {
  const rows = new Set<number>()
  return found.filter(({ row }) => !rows.has(row) && rows.add(row))
}
