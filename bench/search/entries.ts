import { readBuild } from '../../src/ingest/build.ts'
import { inStandingOrder, parseCuration } from '../../src/ingest/order.ts'
import { loadSource } from '../../src/source/load.ts'
import { parseCatalog, readUpstream } from '../../src/source/upstream.ts'

/** An entry of the seed, with what the contract's order looks at. */
export interface Entry {
  id: string
  modelId: string
  /** Empty where it is unknown. */
  name: string
  deprecated: boolean
  /** 0 the lab's own provider, 1 a well-known host, 2 the rest. */
  party: number
  /** Place in the curated set, from 0; behind all others where it is not in it. */
  featured: number
  /** Whether it answers in text and in nothing else. */
  isTextOnly: boolean
  /** Place by release date alone, the newest first. */
  recency: number
}

/** All entries of the seed, sorted by id. */
export async function readEntries(): Promise<Entry[]> {
  const [{ content }, build] = await Promise.all([loadSource('seed'), readBuild()])
  const { providers } = readUpstream(parseCatalog(content))
  return inStandingOrder(providers, parseCuration(build))
    .map(({ provider, modelId, model, deprecated, party, featured, recency }) => ({
      id: `${provider}/${modelId}`,
      modelId,
      name: model.name ?? '',
      deprecated,
      party,
      featured: featured ?? Number.MAX_SAFE_INTEGER,
      isTextOnly: model.modalities?.output?.join() === 'text',
      recency,
    }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)))
}
