import type { Database } from '../db/open.ts'
import { boundedCache } from './bounded-cache.ts'

/** Most that entries' JSON kept in memory may take, in characters. */
const MAX_CHARACTERS = 4 * 1024 * 1024

/** Reads the JSON of entries of one state of a catalog. */
export function bodyReader(db: Database): (id: number) => string {
  const body = db.prepare<[number], string>('SELECT json FROM entry_body WHERE id = ?').pluck()
  const kept = boundedCache<number, string>(MAX_CHARACTERS, (_id, json) => json.length)
  return (id) => {
    const known = kept.get(id)
    if (known !== undefined) return known
    const json = body.get(id) ?? 'null'
    kept.set(id, json)
    return json
  }
}
