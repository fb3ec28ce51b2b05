import type { Database } from '../db/open.ts'
import type { Build } from './build.ts'
import { type DatasetRow, readDigests, writeDataset } from './dataset.ts'
import { inStandingOrder, parseCuration } from './order.ts'
import { readBack } from './read-back.ts'
import { replaceCatalog } from './write.ts'

/** Writes the catalog that a file holds once more, as this build does, in the caller's transaction. */
export function rebuild(db: Database, held: DatasetRow, build: Build): void {
  const providers = readBack(db)
  replaceCatalog(
    db,
    { providers, whole: (model) => model },
    inStandingOrder(providers, parseCuration(build)),
    readDigests(db),
  )
  writeDataset(db, { ...held, build: build.name })
}
