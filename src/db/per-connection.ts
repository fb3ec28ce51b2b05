import type { Database } from './open.ts'

/**
 * Makes what a function needs of a connection, such as its statements, once for each: preparing one often takes longer
 * than running it.
 */
export function perConnection<T>(make: (db: Database) => T): (db: Database) => T {
  const made = new WeakMap<Database, T>()
  return (db) => {
    const known = made.get(db)
    if (known !== undefined) return known
    const fresh = make(db)
    made.set(db, fresh)
    return fresh
  }
}
