import { migrate } from '../db/migrate.ts'
import { openForReading, openForWriting, withDatabase } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { readBuild } from '../ingest/build.ts'
import { writeDataset } from '../ingest/dataset.ts'
import { inStandingOrder, parseCuration } from '../ingest/order.ts'
import { replaceCatalog } from '../ingest/write.ts'
import type { UpstreamProvider } from '../source/upstream.ts'
import { stateOf } from './states.ts'
import { catalogOf } from './undo.ts'

const IN_MEMORY = ':memory:'

/** Builds the catalog of a version the way an ingest does, in memory, and hands over its bytes: work for a thread. */
export async function buildPast(file: string, version: string): Promise<Uint8Array<ArrayBuffer>> {
  const build = await readBuild()
  const { at, providers } = readState(file, version)
  return withDatabase(openForWriting(IN_MEMORY), (db) => {
    // One transaction: outside of one the search index is written at every row.
    db.transaction(() => {
      migrate(db, IN_MEMORY)
      const placed = inStandingOrder(providers, parseCuration(build))
      replaceCatalog(db, { providers, whole: (model) => model }, placed, new Map())
      writeDataset(db, {
        version,
        source: file,
        sourceDigest: '',
        fetchedAt: at,
        ingestedAt: at,
        providers: providers.length,
        models: placed.length,
        setAside: 0,
        build: build.name,
      })
    })()
    return new Uint8Array(db.serialize())
  })
}

function readState(file: string, version: string): { at: string; providers: UpstreamProvider[] } {
  return withDatabase(openForReading(file), (db) =>
    db.transaction(() => {
      const state = stateOf(db, version)
      if (state === undefined) throw new AppError('database', `${file} has no history of ${version}`)
      return { at: state.at, providers: catalogOf(db, state.lastChange) }
    })(),
  )
}
