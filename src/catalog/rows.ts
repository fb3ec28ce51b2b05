import { type Database, openForReading } from '../db/open.ts'

/** The entries that a request asks for, one after the other, in one state of the catalog. Whoever has them closes them. */
export interface CatalogRows {
  /** The dataset version. */
  version: string
  /** How many entries match, whichever of them are asked for. */
  total: number
  didYouMean?: string[]
  /** The JSON of the next entries, at most so many; none at the end. */
  next(most: number): string[]
  close(): void
}

/** Row ids, and the state of the file in which they are those of the entries. */
interface Found extends Omit<CatalogRows, 'next' | 'close'> {
  build: string
  ids: readonly number[]
}

/**
 * Opens rows on a connection of their own: its transaction may last as long as a reader takes, and nobody else's is held
 * back to an old state meanwhile.
 */
export function openRows(file: string, find: () => Found): CatalogRows {
  for (;;) {
    const found = find()
    const db = openForReading(file)
    try {
      db.exec('BEGIN')
      if (isIn(db, found)) return rowsOf(db, found)
    } catch (error) {
      db.close()
      throw error
    }
    // Another process has just written: what was found is of the state before.
    db.close()
  }
}

/** Its read is the transaction's first, so all others see the same state. */
function isIn(db: Database, { version, build }: Found): boolean {
  const isSame = db.prepare<[string, string], number>('SELECT version = ? AND build = ? FROM dataset').pluck()
  return isSame.get(version, build) === 1
}

function rowsOf(db: Database, { ids, build: _, ...found }: Found): CatalogRows {
  const body = db.prepare<[number], string>('SELECT json FROM entry_body WHERE id = ?').pluck()
  let place = 0
  return {
    ...found,
    next(most) {
      const piece = ids.slice(place, place + most)
      place += piece.length
      return piece.map((id) => body.get(id) ?? 'null')
    },
    close: () => db.close(),
  }
}
