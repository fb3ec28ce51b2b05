// The seed as it lies in the repository.
import { readFileSync } from 'node:fs'
import type { Featured } from './contract.ts'
import type { Catalog } from './entry.ts'
import type { Parties } from './order.ts'

interface Seed {
  catalog: Catalog
  featured: Featured
  parties: Parties
}

export function readSeed(): Seed {
  return { catalog: read('catalog.json'), featured: read('featured.json'), parties: read('parties.json') }
}

function read(file: string) {
  return JSON.parse(readFileSync(new URL(`../../seed/${file}`, import.meta.url), 'utf8'))
}
