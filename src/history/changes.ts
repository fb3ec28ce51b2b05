import { z } from 'zod'
import type { Database } from '../db/open.ts'
import { type ChangesQuery, writeCursor } from './params.ts'
import { lastChangeBy } from './states.ts'
import { CHANGE_KINDS } from './undo.ts'

const changeSchema = z
  .object({
    at: z.iso.datetime().meta({ description: 'From when on it holds.' }),
    version: z.string().meta({ description: 'The dataset version it led to.' }),
    kind: z.enum(CHANGE_KINDS),
    id: z.string().meta({ description: 'What it is called now: `provider/model_id`, or `provider`.' }),
    name: z.string().nullable().meta({
      description:
        'Its name in the catalog that is served; null where that has none, or it is no longer there.',
    }),
    provider: z.string(),
    model_id: z.string().nullable().meta({ description: 'Null for a provider itself.' }),
    field: z.string().nullable().meta({ description: 'Where `kind` is `changed`.' }),
    before: z.unknown().meta({ description: 'Null for nothing, and where upstream sends null.' }),
    after: z.unknown().meta({ description: 'As `before`.' }),
  })
  .meta({ id: 'CatalogChange', description: 'What happened to a model or a provider.' })

/** One change as it is told. */
export type ToldChange = z.infer<typeof changeSchema>

export const changeListSchema = z
  .object({
    changes: z.array(changeSchema),
    next_cursor: z.string().nullable().meta({ description: 'Null at the end.' }),
  })
  .meta({ id: 'CatalogChangeList', description: 'A page of changes, the newest first.' })

export interface ChangesPage {
  changes: (ToldChange & {
    /** Its number in the file. */
    number: number
  })[]
  /** Where the next page begins; null at the end. */
  nextCursor: string | null
}

interface Row extends Omit<ToldChange, 'before' | 'after'> {
  number: number
  before: string | null
  after: string | null
}

/** A page of changes, the newest first, in one order for all time: what is added later comes before it. */
export function listChanges(db: Database, query: ChangesQuery): ChangesPage {
  const { since, until, cursor, limit } = query
  const after = since === undefined ? 0 : lastChangeBy(db, since, false)
  const upTo = until === undefined ? Number.MAX_SAFE_INTEGER : lastChangeBy(db, until, true)
  const subjects = subjectCondition(query)
  const conditions = [
    'c.id > @after AND c.id <= @upTo',
    ...(subjects === undefined ? [] : [`c.subject IN (SELECT id FROM subject WHERE ${subjects})`]),
    ...(query.field === undefined ? [] : [FIELD_CONDITION]),
    ...(query.kind === undefined ? [] : ['c.kind = @kind']),
  ]
  const rows = db
    .prepare<[Record<string, unknown>], Row>(
      `SELECT c.id AS number, st.at, st.version, c.kind, s.provider, s.model_id, c.field, c.before, c.after,
              CASE WHEN s.model_id IS NULL THEN s.provider ELSE s.provider || '/' || s.model_id END AS id,
              CASE WHEN s.model_id IS NULL THEN (SELECT name FROM provider WHERE id = s.provider)
                   ELSE (SELECT name FROM model WHERE id = s.provider || '/' || s.model_id) END AS name
       FROM change c ${subjects === undefined ? '' : 'INDEXED BY change_by_subject'}
       CROSS JOIN state st ON st.seq = c.state CROSS JOIN subject s ON s.id = c.subject
       WHERE ${conditions.join(' AND ')}
       ORDER BY c.id DESC LIMIT @rows`,
    )
    // One more shows whether there is a next page.
    .all({ ...query, after, upTo: Math.min(upTo, cursor ?? upTo), rows: limit + 1 })
  const next = rows[limit]
  return {
    changes: rows.slice(0, limit).map(told),
    nextCursor: next === undefined ? null : writeCursor(next.number),
  }
}

/** A field by its name, or all of an object's by the object's. */
const FIELD_CONDITION = "(c.field = @field OR (c.field >= @field || '.' AND c.field < @field || '/'))"

/** In the order of text a slash is followed by 0. */
const OF_PROVIDER = "lower_id > @provider || '/' AND lower_id < @provider || '0'"

/** A model is named with its provider or without; letter case does not count, as it may have changed. */
function subjectCondition({ provider, model }: ChangesQuery): string | undefined {
  if (provider !== undefined && model !== undefined) {
    return `lower_id IN (@provider || '/' || @model, @model) AND ${OF_PROVIDER}`
  }
  if (provider !== undefined) return `lower_id = @provider OR (${OF_PROVIDER})`
  if (model === undefined) return undefined
  return "lower_id = @model OR substr(lower_id, instr(lower_id, '/') + 1) = @model"
}

function told(row: Row): ChangesPage['changes'][number] {
  const { at, version, kind, id, name, provider, model_id, field, number } = row
  const [before, after] = [parsed(row.before), parsed(row.after)]
  return { at, version, kind, id, name, provider, model_id, field, before, after, number }
}

function parsed(json: string | null): unknown {
  return json === null ? null : JSON.parse(json)
}
