import { openForReading, withDatabase } from '../src/db/open.ts'

/** What loads and query shapes are made from: entries as the service answers them, and words of their names. */
export interface Sample {
  entries: readonly SampleEntry[]
  /** Words of three characters or more by how many of a hundred entries hold them, the commonest first. */
  words: { broad: readonly string[]; middle: readonly string[]; rare: readonly string[] }
  providers: readonly string[]
}

export interface SampleEntry {
  id: string
  provider: string
  name: string | null
  limits: { context: number | null } | null
  cost: { input: number | null; output: number | null } | null
}

const MAX_ENTRIES = 10_000
const BROAD_WORDS = 40
const MIDDLE_WORDS = 400
/** A rare word is in one to three entries of the sample. */
const MAX_RARE = 3
const WORD = /\p{L}{3,}/gu

/** Reads evenly spread entries of a catalog file, all of a small one. */
export function readSample(file: string): Sample {
  const entries = withDatabase(openForReading(file), (db) => {
    const count = db.prepare<[], number>('SELECT count(*) FROM entry_body').pluck().get() ?? 0
    const step = Math.ceil(count / MAX_ENTRIES)
    const rows = db
      .prepare<[number], string>('SELECT json FROM entry_body WHERE id % ? = 0 ORDER BY id')
      .pluck()
    return rows.all(step).map((json) => JSON.parse(json) as SampleEntry)
  })
  const counts = new Map<string, number>()
  for (const { id, name } of entries) {
    for (const word of new Set(`${id} ${name ?? ''}`.toLowerCase().match(WORD))) {
      counts.set(word, (counts.get(word) ?? 0) + 1)
    }
  }
  const words = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([word]) => word)
  return {
    entries,
    words: {
      broad: words.slice(0, BROAD_WORDS),
      middle: words.slice(BROAD_WORDS, BROAD_WORDS + MIDDLE_WORDS),
      rare: words.filter((word) => (counts.get(word) ?? 0) <= MAX_RARE),
    },
    providers: [...new Set(entries.map(({ provider }) => provider))],
  }
}

/** All ids of a catalog file, however large. */
export function readIds(file: string): Set<string> {
  return withDatabase(
    openForReading(file),
    (db) => new Set(db.prepare<[], string>('SELECT id FROM model').pluck().iterate()),
  )
}

export function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}
