import { AppError } from '../errors.ts'
import type { Database } from './open.ts'

/** How many migrations make this program's schema. Apart from them: who only reads a catalog need not load them. */
export const SCHEMA_VERSION = 10

/** How many migrations this file has had. */
export function schemaVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }))
}

/** @throws AppError `database` for a schema this program does not know yet */
export function refuseNewer(had: number, file: string): void {
  if (had <= SCHEMA_VERSION) return
  const detail = `it has schema ${had}, this modeldex knows up to ${SCHEMA_VERSION}`
  throw new AppError(
    'database',
    `${file} was written by a newer modeldex (${detail}): update modeldex to use it`,
  )
}
