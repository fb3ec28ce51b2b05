import { type CatalogMatches, resolveId } from '../catalog/resolve.ts'
import { parseResolveQuery } from '../catalog/resolve-params.ts'
import { AppError } from '../errors.ts'
import { shownPrice } from './amounts.ts'
import { shownLimit, styleOf } from './entry.ts'
import type { Given } from './lookup.ts'
import { catalogFile, parameterPairs, usedRightly } from './option-values.ts'
import { noteMore, print, printJson } from './output.ts'
import { readFile } from './read-file.ts'
import { type Column, fittedTable } from './table.ts'

/** What the options are called on the route. */
const PARAMETERS = { provider: 'provider', limit: 'limit' }

const COLUMNS: readonly Column[] = [
  { title: 'ID', least: 24 },
  { title: 'MATCHED BY' },
  { title: 'READ AS', least: 16, rank: 3 },
  { title: 'CONTEXT', align: 'right', rank: 2 },
  { title: 'INPUT', align: 'right', rank: 1 },
  { title: 'OUTPUT', align: 'right', rank: 1 },
  { title: 'STATUS' },
]

export async function resolve(given: Given): Promise<void> {
  const id = given.words[0] ?? ''
  const query = usedRightly(PARAMETERS, () =>
    parseResolveQuery([['id', id], ...parameterPairs(given, PARAMETERS)]),
  )
  const answer = await readFile(catalogFile(given), (db) => resolveId(db, query))
  const { matches, total } = answer
  if (given.options.json) printJson(answer)
  else if (total > 0) print(tableOfMatches(matches))
  if (total === 0)
    throw new AppError('not_found', `${JSON.stringify(id)} is no model's id in any spelling that is known`)
  noteMore(matches.length, total, 'matches')
}

function tableOfMatches(matches: CatalogMatches['matches']): string {
  const rows = matches.map(({ matched_by, is_certain, read_as, entry }) => ({
    cells: [
      entry.id,
      `${matched_by.replaceAll('_', ' ')}${is_certain ? '' : ', a guess'}`,
      read_as,
      shownLimit(entry.limits?.context),
      shownPrice(entry.cost?.input),
      shownPrice(entry.cost?.output),
      entry.status ?? '',
    ],
    style: styleOf(entry),
  }))
  return fittedTable(COLUMNS, rows)
}
