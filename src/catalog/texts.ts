import type { Database } from '../db/open.ts'
import { type SearchedTexts, searchedTexts } from '../db/search-text.ts'
import { boundedCache } from './bounded-cache.ts'

/** Most that searched texts kept in memory may take, in characters. */
const MAX_TEXT_CHARACTERS = 4 * 1024 * 1024

/** Reads what is searched in entries of one state of a catalog. */
export function textsReader(db: Database): (id: number) => SearchedTexts {
  const names = db.prepare<[number], { id: string; name: string | null }>(
    'SELECT id, name FROM model WHERE pk = ?',
  )
  const kept = boundedCache<number, SearchedTexts>(
    MAX_TEXT_CHARACTERS,
    // The tails are parts of one string, about as long.
    (_id, { folded, runs }) => 2 * folded.length + runs.length,
  )
  return (pk) => {
    const known = kept.get(pk)
    if (known !== undefined) return known
    const { id = '', name = null } = names.get(pk) ?? {}
    const texts = searchedTexts(id, name)
    kept.set(pk, texts)
    return texts
  }
}
