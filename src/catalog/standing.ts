import type { Database } from '../db/open.ts'
import { perConnection } from '../db/per-connection.ts'

/** Who offers a model, by the number that stands in the file. */
export const PARTIES = ['maker', 'host', 'other'] as const

/** What decides an entry's place in the catalog. */
export interface Standing {
  lab: string
  party: (typeof PARTIES)[number]
  deprecated: boolean
  /** Whether it is of the curated set. */
  featured: boolean
}

const standingOf = perConnection((db) =>
  db.prepare<[string], { lab: string; party: number; deprecated: number; featured: number }>(
    `SELECT e.lab, e.party, e.deprecated, e.featured IS NOT NULL AS featured
     FROM model m CROSS JOIN entry e ON e.id = m.pk WHERE m.id = ?`,
  ),
)

/** Undefined where the catalog has no such model. */
export function readStanding(db: Database, id: string): Standing | undefined {
  const row = standingOf(db).get(id)
  return (
    row && {
      lab: row.lab,
      party: PARTIES[row.party] ?? 'other',
      deprecated: row.deprecated === 1,
      featured: row.featured === 1,
    }
  )
}
