import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { fromLitellmKey, LITELLM_PROVIDERS, litellmKey } from '../src/catalog/litellm-providers.ts'
import { type Database, openForReading } from '../src/db/open.ts'
import { litellmMap } from '../src/formats/litellm.ts'
import { tokenPrices } from '../src/formats/litellm-prices.ts'
import { modelHistory } from '../src/history/model.ts'
import { ingest } from '../src/ingest/ingest.ts'
import { isRecord } from '../src/source/schema.ts'
import {
  CLASSES,
  type CostMap,
  compareMaps,
  type Difference,
  MISTAKES,
  type PastEntry,
} from './litellm-compare.ts'

/**
 * Holds the LiteLLM map made of a catalog against a real one: how many of the keys both have, and every price that
 * differs, in a class. Exits 1 where one is a power of ten off.
 */
const EXAMPLES = 3
/** What stands in LiteLLM's map beside models. */
const NO_MODELS = ['sample_spec', 'fallback_generalizations']

const { values } = parseArgs({
  options: { map: { type: 'string' }, date: { type: 'string' }, db: { type: 'string' } },
})
if (values.map === undefined) {
  process.stderr.write('usage: npm run litellm:report -- --map FILE [--date YYYY-MM-DD] [--db FILE]\n')
  process.exit(2)
}
const theirs: CostMap = JSON.parse(readFileSync(values.map, 'utf8'))
for (const name of NO_MODELS) delete theirs[name]

const folder = mkdtempSync(join(tmpdir(), 'modeldex-litellm-report-'))
try {
  const file = values.db ?? join(folder, 'catalog.db')
  if (values.db === undefined) await ingest({ db: file, from: 'seed' })
  const db = openForReading(file)
  const ours: CostMap = JSON.parse(litellmMap(db))
  printCoverage(ours, theirs)
  const date = values.date ?? dateOf(values.map)
  const differences = compareMaps(ours, { entries: theirs, date }, (key) => pastEntries(db, key))
  printClasses(differences)
  db.close()
  if (differences.some((difference) => difference.class === 'tenfold')) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** The day in the file's name, else that of its last change. */
function dateOf(file: string): string {
  const [named] = /\d{4}-\d{2}-\d{2}/.exec(basename(file)) ?? []
  return named ?? statSync(file).mtime.toISOString().slice(0, 10)
}

function pastEntries(db: Database, key: string): PastEntry[] {
  const model = fromLitellmKey(key).find(({ provider, modelId }) => litellmKey(provider, modelId) === key)
  const history = model && modelHistory(db, model.provider, model.modelId)?.history
  return (history ?? []).flatMap(({ from, cost }) =>
    isRecord(cost) ? [{ from, entry: { ...tokenPrices(cost, undefined) } }] : [],
  )
}

function printCoverage(ours: CostMap, theirs: CostMap): void {
  const both = Object.keys(ours).filter((key) => Object.hasOwn(theirs, key))
  const known = new Set(LITELLM_PROVIDERS.map(({ litellm }) => litellm))
  const missing = Object.entries(theirs).filter(([key]) => !Object.hasOwn(ours, key))
  const ofKnown = missing.filter(([, { litellm_provider }]) => known.has(String(litellm_provider)))
  print(`keys: ${count(ours)} ours, ${count(theirs)} theirs, ${both.length} in both`)
  print(`only ours: ${count(ours) - both.length}`)
  print(
    `only theirs: ${missing.length}: ${ofKnown.length} of providers in the table, ${missing.length - ofKnown.length} of others`,
  )
}

function printClasses(differences: readonly Difference[]): void {
  print(`\nprices of the models in both: ${differences.length}`)
  const found = Map.groupBy(differences, (difference) => difference.class)
  for (const [name, meaning] of Object.entries(CLASSES)) {
    const all = found.get(name as Difference['class']) ?? []
    print(`\n${name}: ${all.length} (${meaning})`)
    if (name === 'same') continue
    const shown = name === 'tenfold' || name === 'mistaken' ? all : all.slice(0, EXAMPLES)
    for (const { key, price, ours, theirs } of shown) {
      const why = name === 'mistaken' ? ` (${MISTAKES.get(`${key} ${price}`)})` : ''
      print(`  ${key} ${price}: ours ${ours ?? 'none'}, theirs ${theirs ?? 'none'}${why}`)
    }
  }
}

function count(map: CostMap): number {
  return Object.keys(map).length
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
