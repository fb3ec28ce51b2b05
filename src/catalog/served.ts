import type { Database } from '../db/open.ts'

/** A model as a provider serves it, and whose it is. */
export interface Served {
  /** The full id. */
  id: string
  lab: string
  /** Whether the provider makes the lab's models. */
  isMakers: boolean
  releaseDate: string | null
}

const SERVED = `SELECT m.id, e.lab, e.party = 0 AS isMakers, m.release_date AS releaseDate
  FROM model m CROSS JOIN entry e ON e.id = m.pk`

/** All of them, in the contract's standing order. */
export function listServed(db: Database): Served[] {
  return db.prepare<[], Row>(`${SERVED} ORDER BY m.pk`).all().map(fromRow)
}

/** The one of a full id. */
export function findServed(db: Database, id: string): Served | undefined {
  const row = db.prepare<[string], Row>(`${SERVED} WHERE m.id = ?`).get(id)
  return row && fromRow(row)
}

type Row = Omit<Served, 'isMakers'> & { isMakers: number }

function fromRow({ isMakers, ...row }: Row): Served {
  return { ...row, isMakers: Boolean(isMakers) }
}
