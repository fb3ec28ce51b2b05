import { matchingProviders, type Provider, readProviders } from '../catalog/providers.ts'
import { AppError } from '../errors.ts'
import { UNKNOWN } from './amounts.ts'
import { shownWords } from './entry.ts'
import type { Given } from './lookup.ts'
import { catalogFile } from './option-values.ts'
import { print, printJson } from './output.ts'
import { readFile } from './read-file.ts'
import { type Column, fittedTable } from './table.ts'

const COLUMNS: readonly Column[] = [
  { title: 'ID', least: 16 },
  { title: 'NAME', least: 12, rank: 1 },
  { title: 'MODELS', align: 'right' },
  { title: 'NEEDS', least: 20 },
  { title: 'PACKAGE', rank: 3 },
  { title: 'DOCUMENTATION', least: 24, rank: 2 },
]

export async function providers(given: Given): Promise<void> {
  const query = given.words.join(' ').trim()
  const all = await readFile(catalogFile(given), readProviders)
  const found = matchingProviders(all, query || undefined)
  if (given.options.json) printJson({ providers: found, total: found.length })
  else if (found.length > 0) print(tableOfProviders(found))
  if (found.length === 0)
    throw new AppError('not_found', `no provider's id or name holds ${JSON.stringify(query)}`)
}

function tableOfProviders(found: readonly Provider[]): string {
  const rows = found.map(({ id, name, models, env, npm, doc }) => ({
    cells: [id, name ?? UNKNOWN, String(models), shownWords(env), npm ?? UNKNOWN, doc ?? UNKNOWN],
  }))
  return fittedTable(COLUMNS, rows)
}
