import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type Database, isBusy, isDamage, openBeside, opening } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { type Attempt, attemptSchema } from './attempt.ts'

/** How often a lock that is waited for is tried again, in ms. */
const RETRY_MS = 100

/** What an address last answered with, and which dataset version that is. */
const answerSchema = z.object({
  addressDigest: z.string(),
  version: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
})
export type KnownAnswer = z.infer<typeof answerSchema>

/** The one refresh of a catalog file that is under way, on all processes. */
export interface RefreshLock {
  knownAnswer(): KnownAnswer | undefined
  /** Writes down how it went. It never throws: a disk that took no catalog may not take this either. */
  note(attempt: Attempt, answer?: KnownAnswer): void
  release(): void
}

/**
 * Locks a catalog file against other refreshes, not against readers. The lock is one on `FILE-refresh`, a SQLite file
 * beside it, so it ends with its process, however that ends.
 * @param waitMs how long to wait for another refresh to end
 * @throws AppError `conflict` while another refresh is under way, `database` when nothing can be written beside the
 * file, or what stands there is damaged
 */
export async function lockRefresh(catalogFile: string, waitMs = 0): Promise<RefreshLock> {
  const file = refreshFileOf(catalogFile)
  const deadline = performance.now() + waitMs
  const db = openBeside(file, 'write')
  try {
    while (!begins(file, db)) {
      if (performance.now() >= deadline) throw new AppError('conflict', 'A refresh is already running')
      await sleep(RETRY_MS)
    }
    opening(file, () =>
      db.exec('CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID'),
    )
  } catch (error) {
    db.close()
    throw error
  }
  return {
    knownAnswer: () => read(db, 'answer', answerSchema),
    note(attempt, answer) {
      try {
        const write = db.prepare('INSERT OR REPLACE INTO note VALUES (?, ?)')
        write.run('attempt', JSON.stringify(attempt))
        if (answer !== undefined) write.run('answer', JSON.stringify(answer))
        db.exec('COMMIT')
      } catch {
        // The caller reports the attempt itself.
      }
    },
    release: () => void db.close(),
  }
}

/** Writes down an attempt whose process could not. */
export async function noteAttempt(catalogFile: string, attempt: Attempt): Promise<void> {
  const lock = await lockRefresh(catalogFile).catch(() => undefined)
  lock?.note(attempt)
  lock?.release()
}

/** How the last refresh of a catalog file went, by whichever process; undefined where none is known. */
export function readAttempt(catalogFile: string): Attempt | undefined {
  try {
    const db = openBeside(refreshFileOf(catalogFile), 'read')
    try {
      return read(db, 'attempt', attemptSchema)
    } finally {
      db.close()
    }
  } catch {
    // There is none, or it is damaged: the next refresh says so.
    return undefined
  }
}

function refreshFileOf(catalogFile: string): string {
  return `${catalogFile}-refresh`
}

function begins(file: string, db: Database): boolean {
  return opening(file, () => {
    try {
      db.exec('BEGIN IMMEDIATE')
      return true
    } catch (cause) {
      if (isBusy(cause)) return false
      if (!isDamage(cause)) throw cause
      throw new AppError('database', `${file} is damaged: delete it, it only tells how the last refresh went`)
    }
  })
}

/** A note of another version of this program is no note. */
function read<T>(db: Database, name: string, schema: z.ZodType<T>): T | undefined {
  const json = db.prepare<[string], string>('SELECT json FROM note WHERE name = ?').pluck().get(name)
  return json === undefined ? undefined : schema.safeParse(JSON.parse(json)).data
}
