import { parseBrowseQuery } from '../catalog/browse-params.ts'
import { type Catalog, openCatalog } from '../catalog/catalog.ts'
import { UsageError } from '../errors.ts'
import type { RowFormat } from '../formats/row-format.ts'
import { EXPORT_FORMATS } from './choices.ts'
import type { Given } from './lookup.ts'
import { catalogFile } from './option-values.ts'
import { print } from './output.ts'

/** How many entries are written at once. */
const ROWS_AT_ONCE = 500

export async function exportCatalog(given: Given): Promise<void> {
  const format = EXPORT_FORMATS.find((each) => each === given.options.format)
  if (format === undefined) throw new UsageError(`--format: name one of ${EXPORT_FORMATS.join(', ')}`)
  const catalog = openCatalog(catalogFile(given))
  try {
    if (format === 'csv') writeRows(catalog, (await import('../formats/csv.ts')).csv)
    else if (format === 'ndjson') writeRows(catalog, (await import('../formats/ndjson.ts')).ndjson)
    else {
      const { DOCUMENTS } = await import('../formats/documents.ts')
      print(catalog.read(DOCUMENTS[format]))
    }
  } finally {
    catalog.close()
  }
}

function writeRows(catalog: Catalog, { head, row }: RowFormat): void {
  const rows = catalog.rows(parseBrowseQuery([], 'csv'))
  try {
    print(head)
    for (let next = rows.next(ROWS_AT_ONCE); next.length > 0; next = rows.next(ROWS_AT_ONCE)) {
      print(next.map(row).join(''))
    }
  } finally {
    rows.close()
  }
}
