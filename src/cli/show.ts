import { openCatalog } from '../catalog/catalog.ts'
import type { Given } from './lookup.ts'
import { splitId } from './model-argument.ts'
import { catalogFile } from './option-values.ts'
import { printJson } from './output.ts'

export function show(given: Given): void {
  const catalog = openCatalog(catalogFile(given))
  try {
    printJson(JSON.parse(catalog.get(...splitId(given.words[0] ?? '')).body))
  } finally {
    catalog.close()
  }
}
