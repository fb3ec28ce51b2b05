import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { openForWriting, opening, withDatabase } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { readDataset, writeDataset } from '../ingest/dataset.ts'
import { lockRefresh } from '../ingest/refresh-file.ts'
import { readProgramFile } from '../program/files.ts'
import { sidecarsOf, swapIn } from '../snapshot/files.ts'

/** What the single binary calls the catalog that it has ready. */
const READY = 'catalog.db'

/** What was put in place. */
interface Placed {
  version: string
  source: string
  providers: number
  models: number
  fetchedAt: string
}

/**
 * Puts the seed's catalog in place as the single binary has it ready: what an ingest of the seed makes, without the
 * seconds that takes.
 * @returns undefined where another process was first
 * @throws AppError `database` where the file cannot be written; nothing is left of it then
 */
export async function placeReadyCatalog(
  file: string,
  { now, waitMs }: { now: () => Date; waitMs: number },
): Promise<Placed | undefined> {
  const at = now().toISOString()
  const lock = await lockRefresh(file, waitMs)
  const made = `${file}-ready`
  try {
    if (existsSync(file)) return undefined
    // Left where a start was killed, SQLite would take them for this file's.
    for (const sidecar of sidecarsOf(made)) await rm(sidecar, { force: true })
    await writeFile(made, readProgramFile(READY))
    const { version, source, providers, models } = opening(made, () => writeTime(made, at))
    await swapIn(made, file)
    lock.note({ at, outcome: 'updated', error: null })
    return { version, source, providers, models, fetchedAt: at }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('database', `cannot write ${file}: ${reason}`, { cause })
  } finally {
    await rm(made, { force: true })
    lock.release()
  }
}

/** It was read when it was put in place, as a seed is. */
function writeTime(file: string, at: string) {
  return withDatabase(openForWriting(file), (db) => {
    const held = readDataset(db)
    if (held === undefined) throw new Error('the catalog inside is empty')
    db.transaction(() => writeDataset(db, { ...held, fetchedAt: at, ingestedAt: at })).immediate()
    return held
  })
}
