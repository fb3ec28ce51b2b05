import { BOUND_NUMBER, BOUND_TEXT } from '../db/bound.ts'
import type { Database } from '../db/open.ts'
import { perConnection } from '../db/per-connection.ts'
import { equalityKey, fold, LAST_CHARACTER, unitsAt } from '../db/search-text.ts'
import { AppError } from '../errors.ts'

const MAX_NEAR_IDS = 3
/** How many ids that share a key are looked at together. */
const MAX_ROWS = 8
/** Fewest code points of a model ID that a suggestion must share from the beginning. */
const MIN_COMMON_BEGINNING = 4

/**
 * Answers with the JSON of one InferenceCatalogEntry.
 * @throws AppError `not_found`, its message offering up to three near ids
 */
export const getter = perConnection((db): ((provider: string, modelId: string) => string) => {
  const body = db
    .prepare<[string], string>('SELECT json FROM entry_body WHERE id = (SELECT pk FROM model WHERE id = ?)')
    .pluck()
  const missing = noSuchModel(db)
  return (provider, modelId) => {
    const json = body.get(`${provider}/${modelId}`)
    if (json !== undefined) return json
    throw missing(provider, modelId)
  }
})

/** What is said of a model that is not there, up to three near ids with it. */
export const noSuchModel = perConnection((db): ((provider: string, modelId: string) => AppError) => {
  const near = nearIds(db)
  return (provider, modelId) =>
    new AppError('not_found', `No model ${provider}/${modelId}.${didYouMean(near(provider, modelId))}`)
})

/** A sentence behind what was not found; empty without ids. */
export function didYouMean(ids: readonly string[]): string {
  if (ids.length === 0) return ''
  const last = ids.at(-1)
  return ` Did you mean ${ids.length === 1 ? last : `${ids.slice(0, -1).join(', ')} or ${last}`}?`
}

/** Ids that may have been meant, the likeliest first. Each is found by an index. */
function nearIds(db: Database): (provider: string, modelId: string) => string[] {
  const byKey = db.prepare<[kind: 'id' | 'title', key: string, after: number], KeyRow>(
    `SELECT k.entry, m.id FROM entry_key k CROSS JOIN model m ON m.pk = k.entry
     WHERE k.kind = ${BOUND_TEXT} AND k.key = ${BOUND_TEXT} AND k.entry > ${BOUND_NUMBER}
     ORDER BY k.entry LIMIT ${MAX_ROWS}`,
  )
  const byBeginning = nearBeginnings(db)
  return (provider, modelId) => {
    const id = `${provider}/${modelId}`
    const found = new Set<string>()
    const add = (near: string) => {
      if (found.size < MAX_NEAR_IDS) found.add(near)
    }
    /** A key leaves out more than letter case does: of those that share it, the ones that fit are near. */
    const addFitting = (kind: 'id' | 'title', key: string, fits: (id: string) => boolean) => {
      let rows: KeyRow[] = []
      do {
        rows = byKey.all(kind, key, rows.at(-1)?.entry ?? 0)
        for (const row of rows) if (fits(row.id)) add(row.id)
      } while (rows.length === MAX_ROWS && found.size < MAX_NEAR_IDS)
    }
    const lowerId = id.toLowerCase()
    addFitting('id', equalityKey(fold(id)), (near) => near.toLowerCase() === lowerId)
    const segment = lastSegment(fold(modelId))
    if (found.size < MAX_NEAR_IDS) {
      addFitting('title', equalityKey(segment), (near) => lastSegment(fold(near)) === segment)
    }
    if (found.size < MAX_NEAR_IDS) for (const near of byBeginning(provider, modelId)) add(near)
    return [...found]
  }
}

interface KeyRow {
  entry: number
  id: string
}

function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}

/**
 * The provider's ids whose model ID shares the longest beginning with the one asked for. Sorted, those ids stand side by
 * side, so looking to both sides of a prefix tells how long the next best one is.
 */
function nearBeginnings(db: Database): (provider: string, modelId: string) => string[] {
  const last = db
    .prepare<[string, string], string>(
      'SELECT id FROM model WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1',
    )
    .pluck()
  const first = db
    .prepare<[string, string, number], string>(
      `SELECT id FROM model WHERE id >= ? AND id < ? ORDER BY id LIMIT ${BOUND_NUMBER}`,
    )
    .pluck()
  return (provider, modelId) => {
    const low = `${provider}/`
    const high = low + LAST_CHARACTER
    const wanted = low + modelId
    const shortest = low.length + lengthOf(modelId, MIN_COMMON_BEGINNING)
    const found: string[] = []
    // All ids from `from` up to `to` are found already.
    let [from, to] = [low + modelId, low + modelId]
    while (found.length < MAX_NEAR_IDS) {
      const neighbours = [last.get(low, from), first.get(to, high, 1)].filter((id) => id !== undefined)
      const length = Math.max(0, ...neighbours.map((id) => commonLength(id, wanted)))
      if (length < shortest) break
      const beginning = wanted.slice(0, length)
      const end = beginning + LAST_CHARACTER
      found.push(...first.all(beginning, from, MAX_NEAR_IDS), ...first.all(to, end, MAX_NEAR_IDS))
      from = beginning
      to = end
    }
    return found
  }
}

/** How long the beginning is that both have, without half of a code point; in UTF-16 code units, as all lengths here. */
function commonLength(a: string, b: string): number {
  let end = 0
  while (end < a.length && a.charCodeAt(end) === b.charCodeAt(end)) end++
  return isWithinPair(a, end) || isWithinPair(b, end) ? end - 1 : end
}

/** How long the first code points of a text are, that many; longer than the text where it has fewer. */
function lengthOf(text: string, codePoints: number): number {
  let end = 0
  for (let found = 0; found < codePoints; found++) end += unitsAt(text, end)
  return end
}

function isWithinPair(text: string, place: number): boolean {
  return place > 0 && unitsAt(text, place - 1) === 2
}
