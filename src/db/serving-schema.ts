import { sql } from 'drizzle-orm'
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { NumberColumn, StoredOrder, StoredSet } from './entry-sets.ts'

/** The tables of catalog.db that lists are answered from: derived from the normalized ones (schema.ts) by every ingest. */

/** One row an entry: what orders the catalog. Row ids stand in the contract's standing order. */
export const entry = sqliteTable(
  'entry',
  {
    id: integer().primaryKey(),
    deprecated: integer({ mode: 'boolean' }).notNull(),
    party: integer().notNull(),
    /** Place in the curated set, from 0. */
    featured: integer(),
    lab: text().notNull(),
  },
  (t) => [index('entry_by_featured').on(t.featured).where(sql`${t.featured} IS NOT NULL`)],
)

/** The finished JSON of each entry. */
export const entryBody = sqliteTable('entry_body', {
  id: integer().primaryKey(),
  json: text().notNull(),
})

/** Which entries have something in common; `members` is packed by db/members.ts. */
export const entrySet = sqliteTable(
  'entry_set',
  {
    kind: text().notNull().$type<StoredSet>(),
    value: text().notNull(),
    members: blob({ mode: 'buffer' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.value] })],
)

/** Which entries' texts hold two runs one behind the other, each with a blank behind it (see search-text.ts). */
export const entryPair = sqliteTable('entry_pair', {
  pair: text().primaryKey(),
  members: blob({ mode: 'buffer' }).notNull(),
})

/** Which entries' texts end with these runs, each with a blank behind it. */
export const entryTail = sqliteTable('entry_tail', {
  tail: text().primaryKey(),
  members: blob({ mode: 'buffer' }).notNull(),
})

/**
 * What ranges compare: the known numbers, ascending, as float64, and whose they are, as packed row ids; equal ones stand in
 * the order of ties.
 */
export const entryColumn = sqliteTable('entry_column', {
  name: text().primaryKey().$type<NumberColumn>(),
  numbers: blob({ mode: 'buffer' }).notNull(),
  ids: blob({ mode: 'buffer' }).notNull(),
})

/** All entries in some order, as packed row ids: the tie (provider, then model ID), the name, the newest release first. */
export const entryOrder = sqliteTable('entry_order', {
  name: text().primaryKey().$type<StoredOrder>(),
  ids: blob({ mode: 'buffer' }).notNull(),
})

/**
 * The search order (deprecated, party, release date), written as stretches of row ids: those of the standing order, with
 * the featured entries put back between the others.
 */
export const entryStretch = sqliteTable('entry_stretch', {
  place: integer().primaryKey(),
  deprecated: integer({ mode: 'boolean' }).notNull(),
  party: integer().notNull(),
  first: integer().notNull(),
  last: integer().notNull(),
})

/**
 * What a whole query is compared with: keys (see equalityKey in search-text.ts) of the `id`, of the model ID, and of the
 * titles, which are its last segment and the name. A model ID that is a title has no row of its own.
 */
export const entryKey = sqliteTable(
  'entry_key',
  {
    kind: text({ enum: ['id', 'model', 'title'] }).notNull(),
    key: text().notNull(),
    entry: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.key, t.entry] })],
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
