import { type Catalog, openCatalog } from '../catalog/catalog.ts'
import { shownPrice, UNKNOWN } from './amounts.ts'
import { type CatalogEntry, shownFlag, shownLimit, shownWords } from './entry.ts'
import type { Given } from './lookup.ts'
import { splitId } from './model-argument.ts'
import { catalogFile } from './option-values.ts'
import { print, printJson } from './output.ts'
import { fittedTable } from './table.ts'

/** To this width a model's column may be cut. */
const LEAST_WIDTH = 12

export function compare(given: Given): void {
  const catalog = openCatalog(catalogFile(given))
  try {
    const models = given.words.map((id) => entryOf(catalog, id))
    if (given.options.json) printJson({ models })
    else print(sideBySide(models))
  } finally {
    catalog.close()
  }
}

function entryOf(catalog: Catalog, id: string): CatalogEntry {
  return JSON.parse(catalog.get(...splitId(id)).body)
}

type Cell = (entry: CatalogEntry) => string

const FIELDS: readonly [title: string, cell: Cell][] = [
  ['name', ({ name }) => name ?? UNKNOWN],
  ['input', ({ cost }) => shownPrice(cost?.input)],
  ['output', ({ cost }) => shownPrice(cost?.output)],
  ['context', ({ limits }) => shownLimit(limits?.context)],
  ['most output', ({ limits }) => shownLimit(limits?.output)],
  ['takes', ({ modalities }) => shownWords(modalities?.input)],
  ['gives', ({ modalities }) => shownWords(modalities?.output)],
  ['open weights', ({ open_weights }) => shownFlag(open_weights)],
  ['knowledge', ({ knowledge }) => knowledge ?? UNKNOWN],
  ['released', ({ release_date }) => release_date ?? UNKNOWN],
  ['status', ({ status }) => status ?? ''],
]

function sideBySide(entries: readonly CatalogEntry[]): string {
  const capabilities = [...new Set(entries.flatMap((entry) => entry.capabilities))]
  const fields = [
    ...FIELDS,
    ...capabilities.map((name): [string, Cell] => [
      name.replaceAll('_', ' '),
      (entry) => shownFlag(entry.capabilities.includes(name)),
    ]),
  ]
  const rows = fields
    .map(([title, cell]) => [title, ...entries.map(cell)])
    .filter(([, ...cells]) => cells.some((cell) => cell !== ''))
  const columns = [{ title: '' }, ...entries.map(({ id }) => ({ title: id, least: LEAST_WIDTH }))]
  return fittedTable(
    columns,
    rows.map((cells) => ({ cells, style: areAlike(cells.slice(1)) ? 'dim' : undefined })),
  )
}

/** What differs is what one looks for. */
function areAlike(cells: readonly string[]): boolean {
  return cells.length > 1 && new Set(cells).size === 1
}
