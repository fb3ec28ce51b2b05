import type { Database } from '../db/open.ts'
import type { UpstreamModel } from '../source/schema.ts'
import type { Build } from './build.ts'
import { fingerprintOf } from './canonical.ts'
import { type DatasetRow, writeDataset } from './dataset.ts'
import { inStandingOrder, parseCuration } from './order.ts'
import { readBack } from './read-back.ts'
import { replaceCatalog } from './write.ts'

/** Writes the catalog that a file holds once more, as this build does, in the caller's transaction. */
export function rebuild(db: Database, held: DatasetRow, build: Build): void {
  const providers = readBack(db)
  const upstream = { providers, whole: (model: UpstreamModel) => model }
  const placed = inStandingOrder(providers, parseCuration(build))
  replaceCatalog(db, upstream, placed, fingerprintOf(upstream).digests)
  writeDataset(db, { ...held, build: build.name })
}
