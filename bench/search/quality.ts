import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Catalog, openCatalog } from '../../src/catalog/catalog.ts'
import { parseListQuery } from '../../src/catalog/params.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { alternatives, type Searcher } from './alternatives.ts'
import { type Entry, readEntries } from './entries.ts'
import { figuresOf, meanOf } from './figures.ts'
import { type Judgement, PAGE, readJudgements } from './judgements.ts'
import { variants } from './variants.ts'

/**
 * Prints how well the service answers the judged queries, beside plain alternatives on the same entries and beside
 * small changes of its order. `--kinds` splits its figures, `--misses` lists where its first answer is not acceptable.
 */
const { values: options } = parseArgs({
  options: { misses: { type: 'boolean' }, kinds: { type: 'boolean' } },
})

const entries = await readEntries()
const judgements = readJudgements(entries.map(({ id }) => id))
const folder = mkdtempSync(join(tmpdir(), 'modeldex-quality-'))
try {
  const file = join(folder, 'catalog.db')
  await ingest({ db: file, from: 'seed' })
  const catalog = openCatalog(file)
  try {
    report(catalog)
  } finally {
    catalog.close()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function report(catalog: Catalog): void {
  const service: Searcher = { name: 'modeldex', search: (query) => answer(catalog, query, PAGE) }
  const [contract, ...others] = variants(allMatches(catalog))
  refuseDifference(service, contract)
  print(`${judgements.length} judged queries, ${entries.length.toLocaleString('en-US')} entries\n`)
  printTable([service, ...alternatives(entries)])
  print('\nThe contract’s order with rules changed\n')
  printTable([contract, ...others])
  print('')
  for (const other of others) printDifference(contract, other)
  if (options.kinds) printKinds(service)
  if (options.misses) printMisses(service)
}

/** All that the service finds for each query, for other orders to sort. */
function allMatches(catalog: Catalog): (query: string) => readonly Entry[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const found = new Map(
    judgements.map(({ query }) => [
      query,
      answer(catalog, query, entries.length).flatMap((id) => byId.get(id) ?? []),
    ]),
  )
  return (query) => found.get(query) ?? []
}

/** The read side on a real file, as a request reaches it; only the limit may be larger. */
function answer(catalog: Catalog, query: string, limit: number): string[] {
  const { body } = catalog.list({ ...parseListQuery([['query', query]]), limit })
  return (JSON.parse(String(body)) as { models: { id: string }[] }).models.map(({ id }) => id)
}

/** The variants are worth their figures only if the order they start from is the service's. */
function refuseDifference(service: Searcher, contract: Searcher): void {
  for (const { query } of judgements) {
    const [answered, expected] = [service.search(query), contract.search(query)]
    if (answered.join() === expected.join()) continue
    throw new Error(`${query}: the service answers\n${answered.join('\n')}\nnot\n${expected.join('\n')}`)
  }
}

function printTable(searchers: readonly Searcher[]): void {
  printRow('', 'success@1', `MRR@${PAGE}`, `recall@${PAGE}`)
  for (const searcher of searchers) printFigures(searcher.name, searcher, judgements)
}

function printKinds(searcher: Searcher): void {
  print(`\n${searcher.name}, by kind of query\n`)
  printRow('', 'success@1', `MRR@${PAGE}`, `recall@${PAGE}`)
  for (const [kind, all] of Map.groupBy(judgements, (judgement) => judgement.kind)) {
    printFigures(`${kind} (${all.length})`, searcher, all)
  }
}

function printFigures(label: string, { search }: Searcher, of: readonly Judgement[]): void {
  const mean = meanOf(of.map((judgement) => figuresOf(search(judgement.query), judgement)))
  printRow(label, ...[mean.success, mean.reciprocalRank, mean.recall].map((figure) => figure.toFixed(3)))
}

/** The queries whose first answer another order makes acceptable, and those where it was and no longer is. */
function printDifference(contract: Searcher, other: Searcher): void {
  const isGood = ({ search }: Searcher, judgement: Judgement) =>
    figuresOf(search(judgement.query), judgement).success === 1
  const changed = judgements.filter((judgement) => isGood(contract, judgement) !== isGood(other, judgement))
  const names = (good: boolean) =>
    changed.filter((judgement) => isGood(other, judgement) === good).map(({ query }) => query)
  print(
    `${other.name}\n  mends ${names(true).join(', ') || 'nothing'}\n  breaks ${names(false).join(', ') || 'nothing'}`,
  )
}

function printMisses({ name, search }: Searcher): void {
  print(`\nWhere the first answer of ${name} is not acceptable\n`)
  for (const { query, first, why } of judgements) {
    const page = search(query)
    const rank = page.findIndex((id) => first.has(id)) + 1
    if (rank === 1) continue
    const [wanted] = first
    const place = rank > 0 ? `acceptable at ${rank}: ${page[rank - 1]}` : `not on the page: ${wanted}`
    print(`${query}\n  answered ${page[0] ?? 'nothing'}\n  ${place}\n  ${why}`)
  }
}

function printRow(label: string, ...figures: string[]): void {
  print(`${label.padEnd(54)}${figures.map((figure) => figure.padStart(11)).join('')}`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
