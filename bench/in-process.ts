import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Catalog, openCatalog } from '../src/catalog/catalog.ts'
import { parseListQuery, type QueryPair } from '../src/catalog/params.ts'
import { BROWSING, type Call } from './browsing.ts'
import { catalogOf, type Size } from './catalogs.ts'
import { readSample } from './entries.ts'
import { geometricMean, mean } from './figures.ts'
import { explain } from './plans.ts'
import { randomFrom } from './random.ts'
import { printRows, type Row, say, saySkipped, tableLine } from './report.ts'
import { SHAPES } from './shapes.ts'
import { coldLoad, type Target } from './workloads.ts'

interface InProcessOptions {
  sizes: readonly Size[]
  folder: string
  randomSeed: number
  isQuick: boolean
  /** Whether to keep the query plans too. */
  hasPlans: boolean
}

const PLANS = join(import.meta.dirname, '..', 'test-results', 'bench')
/** Calls of each shape before the measured ones. */
const WARM_CALLS = 5
const MAX_CALLS = 400
const QUICK_CALLS = 3
/** A shape is measured no longer than this, though often enough for a mean. */
const MAX_SHAPE_MS = 1_500
const MIN_CALLS = 20
const COLD_CALLS = 4_000
/** Requests before the first shape, so that the runtime has compiled what it is going to. */
const WARM_UP_CALLS = 1_000

/** What each size may take: means of shapes, in µs. */
const TARGETS: Record<string, { coldUs?: number; geometricUs?: number; worstUs: number }> = {
  '8k': { coldUs: 120, worstUs: 800 },
  '1m': { geometricUs: 3_000, worstUs: 75_000 },
}

type Measured = Map<string, number>

interface MeasuredFile {
  shapes: Measured
  /** Of longer lists, facets and what is known of one model. */
  browsing: Measured
  /** Mean over the cold mix. */
  coldUs: number
}

/** Prints the CPU of COUNT and page for each shape of a request, through the catalog's read side. */
export async function measureInProcess(options: InProcessOptions): Promise<void> {
  const bySize = new Map<Size, MeasuredFile>()
  for (const size of options.sizes) {
    const catalog = await catalogOf(size, options.folder, say).catch(saySkipped(size))
    if (catalog !== undefined) bySize.set(size, measureFile(catalog.db, size, options))
  }
  const measured = [...bySize.values()]
  const line = (label: string, figure: (of: MeasuredFile) => number) =>
    tableLine(
      label,
      measured.map((of) => figure(of).toFixed(0)),
      44,
    )
  tableLine('CPU of COUNT and page, µs', [...bySize.keys()], 44)
  for (const { name } of SHAPES) line(name, ({ shapes }) => shapes.get(name) ?? Number.NaN)
  line('mean of the shapes', ({ shapes }) => mean([...shapes.values()]))
  line('geometric mean', ({ shapes }) => geometricMean([...shapes.values()]))
  line('worst shape', ({ shapes }) => Math.max(...shapes.values()))
  line('mean over the cold mix', ({ coldUs }) => coldUs)
  tableLine('CPU of longer lists, facets, one model, µs', [...bySize.keys()], 44)
  for (const name of BROWSING.keys()) line(name, ({ browsing }) => browsing.get(name) ?? Number.NaN)
  say('')
  for (const [size, { shapes, coldUs }] of bySize)
    printRows(`at ${size} entries`, rowsOf(size, shapes, coldUs))
}

function rowsOf(size: Size, shapes: Measured, coldUs: number): Row[] {
  const target = TARGETS[size]
  const [worst = '', worstUs = Number.NaN] = [...shapes].sort(([, a], [, b]) => b - a)[0] ?? []
  const wanted = (most: number | undefined) => (most === undefined ? {} : { target: most })
  return [
    { what: 'mean over the cold mix', value: coldUs, unit: 'µs', ...wanted(target?.coldUs) },
    {
      what: 'geometric mean of the shapes',
      value: geometricMean([...shapes.values()]),
      unit: 'µs',
      ...wanted(target?.geometricUs),
    },
    { what: `worst shape (${worst})`, value: worstUs, unit: 'µs', ...wanted(target?.worstUs) },
  ]
}

function measureFile(
  db: string,
  size: Size,
  { randomSeed, isQuick, hasPlans }: InProcessOptions,
): MeasuredFile {
  const sample = readSample(db)
  const random = randomFrom(randomSeed)
  if (hasPlans) {
    mkdirSync(PLANS, { recursive: true })
    const plans = SHAPES.map(({ name, make }) => explain(db, name, make(sample, random)))
    writeFileSync(join(PLANS, `plans-${size}.txt`), plans.join('\n'))
  }
  const catalog = openCatalog(db)
  try {
    const shapes: Measured = new Map()
    if (!isQuick) cpuOfCalls(listCalls(catalog, pairsOf(coldLoad(WARM_UP_CALLS, sample, random))))
    for (const { name, make } of SHAPES) {
      const calls = isQuick ? QUICK_CALLS : MAX_CALLS
      const requests = unlike(calls + WARM_CALLS, () => make(sample, random))
      shapes.set(name, cpuOfCalls(listCalls(catalog, requests)))
    }
    const browsing: Measured = new Map()
    for (const [name, make] of BROWSING) {
      const length = isQuick ? QUICK_CALLS : MAX_CALLS
      browsing.set(name, cpuOfCalls(Array.from({ length }, () => make(catalog, sample, random))))
    }
    const cold = coldLoad(isQuick ? QUICK_CALLS * SHAPES.length : COLD_CALLS, sample, random)
    const coldUs = cpuOfCalls(listCalls(catalog, pairsOf(cold)))
    return { shapes, browsing, coldUs }
  } finally {
    catalog.close()
  }
}

function pairsOf(targets: readonly Target[]): QueryPair[][] {
  return targets.map(({ url }) => [...new URLSearchParams(url.slice(url.indexOf('?') + 1))])
}

/** As many requests of a shape, all different where the shape allows it. */
function unlike(count: number, make: () => QueryPair[]): QueryPair[][] {
  const made = new Map<string, QueryPair[]>()
  const MOST_TRIES = 4
  for (let tries = 0; made.size < count && tries < count * MOST_TRIES; tries++) {
    const pairs = make()
    made.set(JSON.stringify(pairs), pairs)
  }
  return [...made.values()]
}

function listCalls(catalog: Catalog, requests: readonly QueryPair[][]): Call[] {
  return requests.map((pairs) => {
    const query = parseListQuery(pairs)
    return () => catalog.list(query)
  })
}

/** CPU per call in µs, the operating system's count over all of them. */
function cpuOfCalls(calls: readonly Call[]): number {
  const warm = calls.slice(0, Math.min(WARM_CALLS, Math.floor(calls.length / 2)))
  for (const call of warm) call()
  const measured = calls.slice(warm.length)
  const started = performance.now()
  const before = process.cpuUsage()
  let done = 0
  // A shape of few values is asked for more than once: one call tells nothing.
  for (const most = Math.max(measured.length, MIN_CALLS); done < most; done++) {
    measured[done % measured.length]?.()
    if (done >= MIN_CALLS && performance.now() - started > MAX_SHAPE_MS) break
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / done
}
