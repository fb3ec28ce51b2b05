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
 * no column is kept as JSON in `extra`, merged back over the columns by `ingest/read-back.ts`. The tables of
 * `serving-schema.ts` are derived from them and rebuilt in the same transaction. `state`, `subject` and `change` say
 * how the catalog came to be as it is.
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
    /** SHA-256 of the source's bytes: the same ones again need no parsing. */
    sourceDigest: text('source_digest').notNull(),
    /** SHA-256 of the overlay that was merged in, as canonical JSON; null without one. */
    overlayDigest: text('overlay_digest'),
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
    /** The `id` in the set tables below; null for none. */
    capabilities: integer(),
    modalities: integer(),
    limits: integer(),
    costs: integer(),
    reasoningOptions: integer('reasoning_options'),
    extra: text(),
    /** SHA-256 of the model's canonical JSON, 128 bits of it: tells whether an ingest changed the model. */
    digest: text().notNull(),
  },
  (t) => [uniqueIndex('model_by_id').on(t.id)],
)

/**
 * What many models have in common stands once, under a number that counts from 1 in the order of `model`: a few thousand rows
 * in place of a hundred thousand. The views `model_capability`, `model_cost` and so on give each model its own.
 * `supported` is what upstream sent: a capability nobody mentioned has no row.
 */
export const capabilitySet = sqliteTable(
  'capability_set',
  {
    id: integer().notNull(),
    capability: text().notNull(),
    supported: integer({ mode: 'boolean' }).notNull(),
    /** The JSON object some models send in place of `true`. */
    detail: text(),
  },
  (t) => [primaryKey({ columns: [t.id, t.capability] })],
)

export const modalitySet = sqliteTable(
  'modality_set',
  {
    id: integer().notNull(),
    direction: text({ enum: ['input', 'output'] }).notNull(),
    position: integer().notNull(),
    modality: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.id, t.direction, t.position] })],
)

export const limitSet = sqliteTable(
  'limit_set',
  { id: integer().notNull(), kind: text().notNull(), tokens: integer().notNull() },
  (t) => [primaryKey({ columns: [t.id, t.kind] })],
)

/** Prices in USD per 1M tokens, as sent. A price nobody mentioned has no row: unknown, not free. */
export const costSet = sqliteTable(
  'cost_set',
  { id: integer().notNull(), kind: text().notNull(), usdPerMtok: real('usd_per_mtok').notNull() },
  (t) => [primaryKey({ columns: [t.id, t.kind] })],
)

/**
 * Prices of the same sets above a threshold: `size` is where the tier begins, in the unit `type` names (`context`:
 * tokens).
 */
export const costTierSet = sqliteTable(
  'cost_tier_set',
  {
    id: integer().notNull(),
    position: integer().notNull(),
    type: text(),
    size: integer(),
    kind: text().notNull(),
    usdPerMtok: real('usd_per_mtok').notNull(),
  },
  (t) => [primaryKey({ columns: [t.id, t.position, t.kind] })],
)

export const reasoningOptionSet = sqliteTable(
  'reasoning_option_set',
  {
    id: integer().notNull(),
    position: integer().notNull(),
    type: text(),
    /** The whole option as JSON. */
    option: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.id, t.position] })],
)

/** Which fields an overlay decides: of a model, or of a provider under the provider's id, which holds no slash. */
export const overlayField = sqliteTable(
  'overlay_field',
  {
    id: text().notNull(),
    /** Dotted: `cost.input`. */
    field: text().notNull(),
    /** What it was set to, as JSON; null where it was removed. */
    value: text(),
  },
  (t) => [primaryKey({ columns: [t.id, t.field] })],
)

/** What upstream sent for all that the overlay touched, as JSON, so that it can be undone; null for what upstream has not. */
export const overlayOriginal = sqliteTable('overlay_original', {
  id: text().primaryKey(),
  json: text(),
})

/** What in the overlay did not have the effect it was written for. */
export const overlayNotice = sqliteTable('overlay_notice', {
  position: integer().primaryKey(),
  what: text().notNull(),
  why: text().notNull(),
})

/** The states of the catalog that are known, the oldest first. The normalized tables hold the last one. */
export const state = sqliteTable('state', {
  seq: integer().primaryKey(),
  version: text().notNull(),
  /** From when on it holds, never before the state in front of it: RFC 3339, UTC, with milliseconds. */
  at: text().notNull(),
  source: text().notNull(),
  providers: integer().notNull(),
  models: integer().notNull(),
  /** The highest `change.id` up to and with this state, 0 where there is none: what came later is above it. */
  lastChange: integer('last_change').notNull(),
})

/** What changed at some time: a provider, or a model under all the letter cases of its id. */
export const subject = sqliteTable(
  'subject',
  {
    id: integer().primaryKey(),
    provider: text().notNull(),
    /** Null for a provider itself. */
    modelId: text('model_id'),
    /** The id in lower case, `provider/model_id` or `provider`. */
    lowerId: text('lower_id').notNull(),
  },
  (t) => [index('subject_by_lower_id').on(t.lowerId)],
)

/** One row for what a state changed: undone from the highest id down, the catalog becomes what it was. */
export const change = sqliteTable(
  'change',
  {
    /** Ascends with the states; within one the last in reading order comes first, so that newest first reads well. */
    id: integer().primaryKey(),
    state: integer().notNull(),
    subject: integer().notNull(),
    kind: text({ enum: ['added', 'removed', 'returned', 'renamed', 'changed'] }).notNull(),
    /** The path of what was changed, such as `cost.input`; a dot in a name is written ~1, a ~ as ~0. */
    field: text(),
    /** JSON, null for nothing. Of what was removed: all it held. Of what was renamed: its id. */
    before: text(),
    after: text(),
  },
  (t) => [index('change_by_subject').on(t.subject)],
)
