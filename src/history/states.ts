import type { Database } from '../db/open.ts'
import { AppError } from '../errors.ts'

/** A state of the catalog that is known. */
export interface State {
  version: string
  /** From when on it holds: RFC 3339, UTC, with milliseconds. */
  at: string
  /** The highest id of a change that led to it; what came later is above it. */
  lastChange: number
}

const COLUMNS = 'version, at, last_change AS lastChange'

/**
 * The state that the catalog was in.
 * @param instant in ms since 1970
 * @throws AppError `not_found` before the first that is known
 */
export function stateAt(db: Database, instant: number): State {
  const at = new Date(instant).toISOString()
  const state = db
    .prepare<[string], State>(`SELECT ${COLUMNS} FROM state WHERE at <= ? ORDER BY seq DESC LIMIT 1`)
    .get(at)
  if (state !== undefined) return state
  throw new AppError('not_found', `No catalog is known of that time: the first is of ${firstState(db).at}`)
}

/** The oldest state that is known. */
export function firstState(db: Database): State {
  return endState(db, 'ASC')
}

/** The state that the catalog is in. */
export function lastState(db: Database): State {
  return endState(db, 'DESC')
}

function endState(db: Database, order: 'ASC' | 'DESC'): State {
  const state = db.prepare<[], State>(`SELECT ${COLUMNS} FROM state ORDER BY seq ${order} LIMIT 1`).get()
  if (state === undefined) throw new AppError('database', 'the file has no history')
  return state
}

/** The latest state of a dataset version. */
export function stateOf(db: Database, version: string): State | undefined {
  return db
    .prepare<[string], State>(`SELECT ${COLUMNS} FROM state WHERE version = ? ORDER BY seq DESC LIMIT 1`)
    .get(version)
}

/** The highest id of a change up to an instant, that included or not: what came later is above it. */
export function lastChangeBy(db: Database, instant: number, isIncluded: boolean): number {
  return (
    db
      .prepare<[string], number>(
        `SELECT last_change FROM state WHERE at ${isIncluded ? '<=' : '<'} ? ORDER BY seq DESC LIMIT 1`,
      )
      .pluck()
      .get(new Date(instant).toISOString()) ?? 0
  )
}
