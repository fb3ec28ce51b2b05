import { sql } from 'drizzle-orm'
import {
  check,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'

/**
 * The tables of catalog.db. The normalized ones are the truth and hold everything upstream sends; what has
 * no column is kept as JSON in `extra`, merged back over the columns by `ingest/read-back.ts`. `word` and the `entry…`
 * tables are derived from them for serving and rebuilt in the same transaction.
 */

/** One row: which catalog this file holds. */
export const dataset = sqliteTable(
  'dataset',
  {
    id: integer().primaryKey(),
    version: text().notNull(),
    source: text().notNull(),
    /** When the content was last fetched or read, and when the rows were last written: RFC 3339, UTC. */
    fetchedAt: text('fetched_at').notNull(),
    ingestedAt: text('ingested_at').notNull(),
    providers: integer().notNull(),
    models: integer().notNull(),
    setAside: integer('set_aside').notNull(),
    /** What the serving tables were built from besides the content: their layout and the curated lists. */
    build: text().notNull(),
    /** SHA-256 of the source's text: the same text again needs no reading. */
    sourceDigest: text('source_digest').notNull(),
  },
  (t) => [check('dataset_one_row', sql`${t.id} = 1`)],
)

export const provider = sqliteTable('provider', {
  id: text().primaryKey(),
  name: text(),
  npm: text(),
  api: text(),
  doc: text(),
  extra: text(),
})

/** Names of the environment variables that hold a provider's credentials, in upstream's order. */
export const providerEnv = sqliteTable(
  'provider_env',
  { provider: text().notNull(), position: integer().notNull(), name: text().notNull() },
  (t) => [primaryKey({ columns: [t.provider, t.position] })],
)

export const model = sqliteTable(
  'model',
  {
    /** The contract's standing order; changes with every ingest that changes the catalog. */
    pk: integer().primaryKey(),
    id: text().notNull().generatedAlwaysAs(sql`"provider" || '/' || "model_id"`, { mode: 'virtual' }),
    provider: text().notNull(),
    modelId: text('model_id').notNull(),
    name: text(),
    description: text(),
    family: text(),
    canonicalModelId: text('canonical_model_id'),
    releaseDate: text('release_date'),
    lastUpdated: text('last_updated'),
    knowledge: text(),
    openWeights: integer('open_weights', { mode: 'boolean' }),
    status: text(),
    extra: text(),
    /** SHA-256 of the model's canonical JSON, 128 bits of it: tells whether an ingest changed the model. */
    digest: text().notNull(),
  },
  (t) => [uniqueIndex('model_by_id').on(t.id)],
)

/** `supported` is what upstream sent: a capability nobody mentioned has no row. */
export const modelCapability = sqliteTable(
  'model_capability',
  {
    model: integer().notNull(),
    capability: text().notNull(),
    supported: integer({ mode: 'boolean' }).notNull(),
    /** The JSON object some models send in place of `true`. */
    detail: text(),
  },
  (t) => [primaryKey({ columns: [t.model, t.capability] })],
)

export const modelModality = sqliteTable(
  'model_modality',
  {
    model: integer().notNull(),
    direction: text({ enum: ['input', 'output'] }).notNull(),
    position: integer().notNull(),
    modality: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.model, t.direction, t.position] })],
)

export const modelLimit = sqliteTable(
  'model_limit',
  { model: integer().notNull(), kind: text().notNull(), tokens: integer().notNull() },
  (t) => [primaryKey({ columns: [t.model, t.kind] })],
)

/** Prices in USD per 1M tokens, as sent. A price nobody mentioned has no row: unknown, not free. */
export const modelCost = sqliteTable(
  'model_cost',
  { model: integer().notNull(), kind: text().notNull(), usdPerMtok: real('usd_per_mtok').notNull() },
  (t) => [primaryKey({ columns: [t.model, t.kind] })],
)

/** Prices above a threshold: `size` is where the tier begins, in the unit `type` names (`context`: tokens). */
export const modelCostTier = sqliteTable(
  'model_cost_tier',
  {
    model: integer().notNull(),
    position: integer().notNull(),
    type: text(),
    size: integer(),
    kind: text().notNull(),
    usdPerMtok: real('usd_per_mtok').notNull(),
  },
  (t) => [primaryKey({ columns: [t.model, t.position, t.kind] })],
)

export const modelReasoningOption = sqliteTable(
  'model_reasoning_option',
  {
    model: integer().notNull(),
    position: integer().notNull(),
    type: text(),
    /** The whole option as JSON. */
    option: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.model, t.position] })],
)

/** The serving table: what a filter reads, nothing else. Row ids stand in the contract's standing order. */
export const entry = sqliteTable(
  'entry',
  {
    id: integer().primaryKey(),
    /** In lower case, as `provider` is compared. */
    provider: text().notNull(),
    /** One bit per capability, by its place in CAPABILITIES. */
    capabilities: integer().notNull(),
    /** Context window in tokens; null where unknown or 0. */
    context: integer(),
    /** The higher known one of input and output price, USD per 1M tokens. */
    price: real(),
    openWeights: integer('open_weights', { mode: 'boolean' }),
    deprecated: integer({ mode: 'boolean' }).notNull(),
    party: integer().notNull(),
    /** Place in the curated set, from 0. */
    featured: integer(),
    /** Place among all entries by release date, the newest first, unknown last, then by id. */
    recency: integer().notNull(),
    lab: text().notNull(),
  },
  (t) => [
    index('entry_by_provider').on(t.provider),
    index('entry_by_featured').on(t.featured).where(sql`${t.featured} IS NOT NULL`),
  ],
)

/** The finished JSON of each entry, apart from the serving table so that a scan does not drag it along. */
export const entryBody = sqliteTable('entry_body', {
  id: integer().primaryKey(),
  json: text().notNull(),
})

/** The texts that ranking and suggestions compare, folded once at ingest (see search-text.ts). */
export const entryText = sqliteTable(
  'entry_text',
  {
    id: integer().primaryKey(),
    idKey: text('id_key').notNull(),
    modelKey: text('model_key').notNull(),
    segmentKey: text('segment_key').notNull(),
    nameKey: text('name_key'),
    /** Spaced forms of id and name, a blank around each run, a line each. */
    spaced: text().notNull(),
    lowerId: text('lower_id').notNull(),
    foldedSegment: text('folded_segment').notNull(),
  },
  (t) => [
    index('entry_text_by_lower_id').on(t.lowerId),
    index('entry_text_by_folded_segment').on(t.foldedSegment),
  ],
)

/** The words of ids and names, for queries that match nothing. Row ids stand by frequency, then by code point. */
export const word = sqliteTable(
  'word',
  {
    id: integer().primaryKey(),
    /** A run of letters, folded. */
    word: text().notNull(),
    /** How many entries have it in their id or name. */
    entries: integer().notNull(),
  },
  (t) => [uniqueIndex('word_by_word').on(t.word)],
)
