import type { Database } from '../db/open.ts'
import { fold } from '../db/search-text.ts'
import { AppError } from '../errors.ts'

const MAX_NEAR_IDS = 3
/** Fewest code points of a model ID that a suggestion must share from the beginning. */
const MIN_COMMON_BEGINNING = 4

/** Orders behind every id. */
const LAST_CHARACTER = '\u{10FFFF}'

/**
 * Answers with the JSON of one InferenceCatalogEntry.
 * @throws AppError `not_found`, its message offering up to three near ids
 */
export function getter(db: Database): (provider: string, modelId: string) => string {
  const body = db
    .prepare<[string], string>(
      'SELECT b.json FROM model m CROSS JOIN entry_body b ON b.id = m.pk WHERE m.id = ?',
    )
    .pluck()
  const near = nearIds(db)
  return (provider, modelId) => {
    const json = body.get(`${provider}/${modelId}`)
    if (json !== undefined) return json
    throw new AppError('not_found', `No model ${provider}/${modelId}.${didYouMean(near(provider, modelId))}`)
  }
}

function didYouMean(ids: string[]): string {
  if (ids.length === 0) return ''
  const last = ids.at(-1)
  return ` Did you mean ${ids.length === 1 ? last : `${ids.slice(0, -1).join(', ')} or ${last}`}?`
}

/** Ids that may have been meant, the likeliest first. Each is found by an index. */
function nearIds(db: Database): (provider: string, modelId: string) => string[] {
  const byLetterCase = db
    .prepare<[string, number], string>(
      `SELECT m.id FROM entry_text t CROSS JOIN model m ON m.pk = t.id
       WHERE t.lower_id = ? ORDER BY t.id LIMIT ?`,
    )
    .pluck()
  const bySegment = db
    .prepare<[string, number], string>(
      `SELECT m.id FROM entry_text t CROSS JOIN model m ON m.pk = t.id
       WHERE t.folded_segment = ? ORDER BY t.id LIMIT ?`,
    )
    .pluck()
  const byBeginning = nearBeginnings(db)
  return (provider, modelId) => {
    const found = new Set<string>()
    const add = (ids: Iterable<string>) => {
      for (const id of ids) if (found.size < MAX_NEAR_IDS) found.add(id)
    }
    add(byLetterCase.all(`${provider}/${modelId}`.toLowerCase(), MAX_NEAR_IDS))
    const segment = fold(modelId.slice(modelId.lastIndexOf('/') + 1))
    // Those found before may be among them, so as many more are asked for.
    if (found.size < MAX_NEAR_IDS) add(bySegment.all(segment, MAX_NEAR_IDS + found.size))
    if (found.size < MAX_NEAR_IDS) add(byBeginning(provider, modelId))
    return [...found]
  }
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
      'SELECT id FROM model WHERE id >= ? AND id < ? ORDER BY id LIMIT ?',
    )
    .pluck()
  return (provider, modelId) => {
    const low = `${provider}/`
    const high = low + LAST_CHARACTER
    const wanted = [...low, ...modelId]
    const shortest = [...low].length + MIN_COMMON_BEGINNING
    const found: string[] = []
    // All ids from `from` up to `to` are found already.
    let [from, to] = [low + modelId, low + modelId]
    while (found.length < MAX_NEAR_IDS) {
      const neighbours = [last.get(low, from), first.get(to, high, 1)].filter((id) => id !== undefined)
      const length = Math.max(0, ...neighbours.map((id) => commonLength([...id], wanted)))
      if (length < shortest) break
      const beginning = wanted.slice(0, length).join('')
      const end = beginning + LAST_CHARACTER
      found.push(...first.all(beginning, from, MAX_NEAR_IDS), ...first.all(to, end, MAX_NEAR_IDS))
      from = beginning
      to = end
    }
    return found
  }
}

function commonLength(a: string[], b: string[]): number {
  const end = a.findIndex((character, index) => character !== b[index])
  return end < 0 ? a.length : end
}
