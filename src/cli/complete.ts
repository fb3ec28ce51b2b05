import { modelsBeginning, providersBeginning } from '../catalog/beginnings.ts'
import type { Given } from './lookup.ts'
import { catalogFile } from './option-values.ts'
import { print } from './output.ts'
import { readFile } from './read-file.ts'

/** What the scripts for shells ask for: ids of a kind that begin so, one a line. */
export async function complete(given: Given): Promise<void> {
  const [kind, beginning = ''] = given.words
  const list = kind === 'providers' ? providersBeginning : modelsBeginning
  const ids = await readFile(catalogFile(given), (db) => list(db, beginning))
  print(ids.map((id) => `${id}\n`).join(''))
}
