import type { Database } from '../db/open.ts'
import { perConnection } from '../db/per-connection.ts'

/** What an overlay did to one model, or to a provider under the provider's id. */
export interface Overlaid {
  /** What upstream sent, in upstream's field names; undefined where upstream has no such model or provider. */
  original: Record<string, unknown> | undefined
  /** The fields that the overlay decides, by dotted name, with their values; undefined for a field it removed. */
  fields: Map<string, unknown>
}

const statements = perConnection((db) => ({
  original: db.prepare<[string], { json: string | null }>('SELECT json FROM overlay_original WHERE id = ?'),
  fields: db.prepare<[string], { field: string; value: string | null }>(
    'SELECT field, value FROM overlay_field WHERE id = ? ORDER BY field',
  ),
}))

/** Undefined where all is upstream's. What was taken out of the catalog is told of, too. */
export function readOverlaid(db: Database, id: string): Overlaid | undefined {
  const read = statements(db)
  const original = read.original.get(id)
  if (original === undefined) return undefined
  const fields = read.fields.all(id)
  return {
    original: original.json === null ? undefined : JSON.parse(original.json),
    fields: new Map(
      fields.map(({ field, value }) => [field, value === null ? undefined : JSON.parse(value)]),
    ),
  }
}

export function isInCatalog(db: Database, id: string): boolean {
  const exists = id.includes('/')
    ? 'SELECT EXISTS (SELECT 1 FROM model WHERE id = ?)'
    : 'SELECT EXISTS (SELECT 1 FROM provider WHERE id = ?)'
  return db.prepare<[string], number>(exists).pluck().get(id) === 1
}
