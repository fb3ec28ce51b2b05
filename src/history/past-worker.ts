import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
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

/** A thread's work: builds the catalog of a version the way an ingest does, in memory, and hands over its bytes. */

const IN_MEMORY = ':memory:'

const { file, version } = z.object({ file: z.string(), version: z.string() }).parse(workerData)
void readBuild().then((build) => {
  const { at, providers } = readState()
  const bytes = withDatabase(openForWriting(IN_MEMORY), (db) => {
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
  parentPort?.postMessage(bytes, [bytes.buffer])
})

function readState(): { at: string; providers: UpstreamProvider[] } {
  return withDatabase(openForReading(file), (db) =>
    db.transaction(() => {
      const state = stateOf(db, version)
      if (state === undefined) throw new AppError('database', `${file} has no history of ${version}`)
      return { at: state.at, providers: catalogOf(db, state.lastChange) }
    })(),
  )
}
