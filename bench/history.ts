import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCatalog } from '../src/catalog/catalog.ts'
import { startThread } from '../src/cli/threads.ts'
import { pastCatalogs } from '../src/history/past.ts'
import { ingest } from '../src/ingest/ingest.ts'
import { type Random, randomFrom } from './random.ts'

/**
 * Prints what history takes: the file with the seed's, after ingests of the same, and after 100 ingests that each change
 * one model in a hundred; and how long the catalog of a past day takes to build.
 */
const INGESTS = 100
const SHARE = 0.01
const RANDOM_SEED = 20_260_930
const DAY_MS = 86_400_000
const BEGIN_MS = Date.parse('2026-10-01')

type Json = Record<string, unknown>
type Catalog = Record<string, { models: Record<string, Json> }>

const folder = mkdtempSync(join(tmpdir(), 'modeldex-bench-history-'))
try {
  const db = join(folder, 'catalog.db')
  const source = join(folder, 'source.json')
  const seed = readFileSync(join(import.meta.dirname, '..', 'seed', 'catalog.json'), 'utf8')
  writeFileSync(source, seed)
  await ingest({ db: join(folder, 'alone.db'), from: source })
  await ingest({ db, from: 'seed' })
  const first = statSync(db).size
  print('the seed alone', megabytes(statSync(join(folder, 'alone.db')).size), '')
  print('with its history', megabytes(first), '')

  for (let again = 0; again < 10; again++) await ingest({ db, from: 'seed' })
  print('after 10 ingests of the same', megabytes(statSync(db).size), 'the same')

  const catalog: Catalog = JSON.parse(seed)
  const removed: [provider: string, modelId: string, model: Json][] = []
  const random = randomFrom(RANDOM_SEED)
  for (let day = 0; day < INGESTS; day++) {
    edit(catalog, removed, random)
    writeFileSync(source, JSON.stringify(catalog))
    await ingest({ db, from: source, now: () => new Date(BEGIN_MS + day * DAY_MS) })
  }
  const last = statSync(db).size
  print(
    `after ${INGESTS} ingests that change 1 %`,
    megabytes(last),
    `under ${megabytes(2 * first)}, twice the size`,
  )

  await buildPast(db)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Alters one model in a hundred: mostly a price, at times its limits or status; a few go, and others come back. */
function edit(catalog: Catalog, removed: [string, string, Json][], random: Random): void {
  const all = Object.entries(catalog).flatMap(([provider, { models }]) =>
    Object.entries(models).map(([modelId, model]) => [provider, modelId, model] as [string, string, Json]),
  )
  for (let count = all.length * SHARE; count > 0; count--) {
    const [provider, modelId, model] = random.pick(all)
    const dice = random.next()
    if (dice < 0.6) model.cost = { ...(model.cost as Json), input: random.next(), output: random.next() }
    else if (dice < 0.75) model.limit = { context: random.int(1e6), output: 8192 }
    else if (dice < 0.85) model.status = model.status === 'beta' ? 'deprecated' : 'beta'
    else if (dice < 0.95) {
      delete catalog[provider]?.models[modelId]
      removed.push([provider, modelId, model])
    } else {
      const [backProvider = '', backId = '', back = {}] = removed.shift() ?? []
      const models = catalog[backProvider]?.models
      if (models !== undefined) models[backId] = back
    }
  }
}

async function buildPast(db: string): Promise<void> {
  const catalog = openCatalog(db)
  const past = pastCatalogs((version) => startThread('past', { file: db, version }))
  for (const date of ['2025-06-27', '2026-03-31', '2026-09-30']) {
    const version = catalog.read((file) =>
      file.prepare<[string], string>('SELECT version FROM state WHERE at LIKE ?').pluck().get(`${date}%`),
    )
    const started = performance.now()
    await past.open(version ?? '')
    print(
      `the catalog of ${date}`,
      `${(performance.now() - started).toFixed(0)} ms`,
      'beside the serving thread',
    )
  }
  await past.close()
  catalog.close()
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function print(what: string, figure: string, note: string): void {
  process.stdout.write(`${what.padEnd(40)} ${figure.padStart(9)}  ${note}\n`)
}
