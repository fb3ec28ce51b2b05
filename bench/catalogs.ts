import { spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ingest } from '../src/ingest/ingest.ts'
import { writeSynthetic } from './synthetic.ts'

/** A catalog to measure with. */
export interface BenchCatalog {
  db: string
  source: string
}

/** Sizes by the names they are asked for with; the smallest is the seed itself. */
export type Size = `${number}k` | `${number}m`
export const SEED_SIZE: Size = '8k'

const ROOT = join(import.meta.dirname, '..')
export const SEED_FILE = join(ROOT, 'seed', 'catalog.json')
/** Where large catalogs are kept between runs: making one takes minutes. */
const KEPT = join(ROOT, 'test-results', 'bench')
/** Whatever decides what a synthetic catalog's file holds. */
const INGREDIENTS = [
  'seed',
  'migrations',
  'src/db',
  'src/ingest',
  'src/source',
  'bench/synthetic.ts',
  'bench/random.ts',
]

export function parseSize(text: string): Size {
  if (!/^[1-9]\d*[km]$/.test(text)) throw new Error(`a size is such as 8k, 100k or 1m, not ${text}`)
  return text as Size
}

function modelsOf(size: Size): number {
  return Number.parseInt(size, 10) * (size.endsWith('m') ? 1_000_000 : 1_000)
}

/** A catalog of that size; the seed's is made in `folder`, larger ones are kept. */
export async function catalogOf(
  size: Size,
  folder: string,
  say: (what: string) => void,
): Promise<BenchCatalog> {
  if (size === SEED_SIZE) {
    const db = join(folder, 'catalog.db')
    if (!existsSync(db)) await ingest({ db, from: 'seed' })
    return { db, source: SEED_FILE }
  }
  const source = await syntheticSource(size)
  const db = join(KEPT, `${size}-${fingerprint()}.db`)
  if (!existsSync(db)) {
    for (const name of readdirSync(KEPT))
      if (name.startsWith(`${size}-`) && name.includes('.db')) rmSync(join(KEPT, name))
    say(`ingesting ${size} models, once for this version of the program`)
    const making = `${db}.making`
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'src', 'bin.js'), 'ingest', '--from', source, '--db', making],
      { encoding: 'utf8' },
    )
    if (status !== 0) {
      rmSync(making, { force: true })
      throw new Error(`ingest could not load ${size} models: ${stderr.trim().split('\n').at(-1)}`)
    }
    renameSync(making, db)
  }
  return { db, source }
}

/** The JSON of a synthetic catalog, written once. */
export async function syntheticSource(size: Size): Promise<string> {
  mkdirSync(KEPT, { recursive: true })
  const generator = ['synthetic.ts', 'random.ts'].map((name) => readFileSync(join(import.meta.dirname, name)))
  const source = join(KEPT, `${size}-${digest([...generator, readFileSync(SEED_FILE)])}.json`)
  if (!existsSync(source)) {
    await writeSynthetic(modelsOf(size), `${source}.making`)
    renameSync(`${source}.making`, source)
  }
  return source
}

function fingerprint(): string {
  return digest(INGREDIENTS.flatMap(filesOf).map((file) => readFileSync(file)))
}

function filesOf(path: string): string[] {
  const whole = join(ROOT, path)
  if (/\.\w+$/.test(path)) return [whole]
  return readdirSync(whole, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function digest(contents: readonly Buffer[]): string {
  return hash('sha256', contents.map((content) => hash('sha256', content)).join()).slice(0, 12)
}
