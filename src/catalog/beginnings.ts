import type { Database } from '../db/open.ts'
import { LAST_CHARACTER } from '../db/search-text.ts'

const MAX_IDS = 1000
/** Characters that stand for themselves in every shell. */
const PLAIN = /^[\w./:@+-]+$/

/** Ids of providers that begin so and can be typed as they are. */
export function providersBeginning(db: Database, beginning: string): string[] {
  return db
    .prepare<[string, string, number], string>(
      'SELECT id FROM provider WHERE id >= ? AND id < ? ORDER BY id LIMIT ?',
    )
    .pluck()
    .all(beginning, beginning + LAST_CHARACTER, MAX_IDS)
    .filter((id) => PLAIN.test(id))
}

/** The same of models; as long as no provider is named, those: they end in a slash. */
export function modelsBeginning(db: Database, beginning: string): string[] {
  if (!beginning.includes('/')) return providersBeginning(db, beginning).map((id) => `${id}/`)
  return db
    .prepare<[string, string, number], string>(
      'SELECT id FROM model WHERE id >= ? AND id < ? ORDER BY id LIMIT ?',
    )
    .pluck()
    .all(beginning, beginning + LAST_CHARACTER, MAX_IDS)
    .filter((id) => PLAIN.test(id))
}
