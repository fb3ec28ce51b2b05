// The catalog as it was on each date of the seed's history, against an ingest of that date's catalog alone, and some against
// the oracle. ORACLE_SEED and ORACLE_RUNS mean what they do in test/oracle/oracle.test.ts.

import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCatalog } from '../../src/catalog/catalog.ts'
import { parseListQuery } from '../../src/catalog/params.ts'
import { startThread } from '../../src/cli/threads.ts'
import { openForReading, withDatabase } from '../../src/db/open.ts'
import { type PastCatalogs, pastCatalogs } from '../../src/history/past.ts'
import { stateAt } from '../../src/history/states.ts'
import { catalogOf } from '../../src/history/undo.ts'
import { fingerprintOf } from '../../src/ingest/canonical.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { inTemporaryFolder, writeCatalog } from '../ingest/catalogs.ts'
import { createOracle } from '../oracle/contract.ts'
import type { Catalog } from '../oracle/entry.ts'
import { requests } from '../oracle/generators.ts'
import { holdAll } from '../oracle/hold.ts'
import { readSeed } from '../oracle/seed.ts'
import { seededCatalog, seededService, type TestService } from '../service.ts'
import { SEED_STATES, seedCatalog } from './seed-states.ts'

const seed = Number(process.env.ORACLE_SEED ?? Math.floor(Math.random() * 2 ** 31))
const numRuns = Math.ceil(Number(process.env.ORACLE_RUNS ?? 1000) / 25)
const { featured, parties } = readSeed()
const TIMEOUT_MS = 120_000
const DATES = SEED_STATES.map(({ date, models }) => [date, models] as const)

console.log(`past: ORACLE_SEED=${seed}`)

describe('each date of the seed', () => {
  let past: PastCatalogs
  beforeAll(async () => {
    const file = await seededCatalog()
    past = pastCatalogs((version) => startThread('past', { file, version }))
  }, TIMEOUT_MS)
  afterAll(() => past?.close())

  test.for(DATES)('%s, %i models: answers as that catalog alone', { timeout: TIMEOUT_MS }, ([date]) =>
    inTemporaryFolder(async (folder) => {
      const { catalog, version } = seedCatalog(date)
      const db = join(folder, 'alone.db')
      const report = await ingest({ db, from: writeCatalog(folder, catalog) })
      expect(report.version).toBe(version)
      expect(versionOfRebuilt(await seededCatalog(), date)).toBe(version)
      const alone = openCatalog(db)
      const then = await past.open(version)
      for (const { pairs } of fc.sample(requests(oracleOf(catalog)), { seed, numRuns })) {
        const query = parseListQuery(pairs)
        expect(then?.list(query)).toEqual(alone.list(query))
      }
      for (const [provider, { models }] of Object.entries(catalog)) {
        for (const modelId of Object.keys(models)) {
          expect(then?.get(provider, modelId)).toEqual(alone.get(provider, modelId))
        }
      }
      alone.close()
    }),
  )
})

describe('over HTTP', () => {
  let service: TestService
  beforeAll(async () => {
    service = await seededService({ env: { MODELDEX_RATE_LIMIT: '0' } })
  }, TIMEOUT_MS)
  afterAll(() => service?.close())

  test.for(DATES.filter((_, place) => place % 6 === 2))(
    'at=%s, %i models: answers as the oracle does',
    { timeout: TIMEOUT_MS },
    async ([date]) => {
      const oracle = oracleOf(seedCatalog(date).catalog)
      await holdAll({ ...service, at: date }, oracle, requests(oracle), { seed, numRuns })
    },
  )
})

/** Of all that upstream sent, what no answer shows included. */
function versionOfRebuilt(file: string, date: string): string {
  return withDatabase(openForReading(file), (db) => {
    const state = stateAt(db, Date.parse(date))
    const providers = catalogOf(db, state.lastChange)
    return fingerprintOf({ providers, whole: (model) => model }).version
  })
}

function oracleOf(catalog: object) {
  return createOracle(catalog as Catalog, featured, parties)
}
