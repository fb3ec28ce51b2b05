import { hash } from 'node:crypto'
import { readSeed } from '../source/load.ts'

/** Changes when the same content gives other serving rows. */
const SERVING_LAYOUT = 8

/** The curated lists' texts, and what a file's serving rows are made with besides the content. */
export interface Build {
  parties: string
  featured: string
  /** Differs when the layout or a curated list does. */
  name: string
}

export async function readBuild(): Promise<Build> {
  const [parties, featured] = await Promise.all([readSeed('parties.json'), readSeed('featured.json')])
  return {
    parties,
    featured,
    name: `${SERVING_LAYOUT}-${hash('sha256', `${parties}\0${featured}`).slice(0, 16)}`,
  }
}
