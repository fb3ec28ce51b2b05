import type { Database } from '../db/open.ts'
import { inStandingOrder, parseCuration } from './order.ts'
import type { Build } from './prepare.ts'
import { readBack } from './read-back.ts'
import { type DatasetRow, replaceCatalog, writeDataset } from './write.ts'

/** Writes the catalog that a file holds once more, as this build does, in the caller's transaction. */
export function rebuild(db: Database, held: DatasetRow, build: Build): void {
  const providers = readBack(db)
  replaceCatalog(db, providers, inStandingOrder(providers, parseCuration(build)), readDigests(db))
  writeDataset(db, { ...held, build: build.name })
}

/** Each model's digest by its id. */
export function readDigests(db: Database): Map<string, string> {
  return new Map(db.prepare<[], [string, string]>('SELECT id, digest FROM model').raw().all())
}
