import { createHash, hash } from 'node:crypto'
import type { UpstreamProvider } from '../source/upstream.ts'

/** Length of a model's digest in hex digits: 128 bits. */
const DIGEST_LENGTH = 32

/** Canonical JSON as RFC 8785 writes it: keys sorted by UTF-16 code unit, no blanks, numbers as ECMAScript prints them. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  return canonicalObject(Object.entries(value).map(([key, member]) => [key, canonicalJson(member)]))
}

/** A model's digest tells whether an ingest changed it. */
export function digestOf(canonical: string): string {
  return hash('sha256', canonical).slice(0, DIGEST_LENGTH)
}

/** The canonical JSON of one model, and its digest. */
export interface CanonicalModel {
  canonical: string
  digest: string
}

/**
 * The dataset version: SHA-256 of the canonical JSON of all that was loaded, in hex. The order of the source, its
 * blanks and its name play no part.
 * @param canonicalModels each provider's models by id, as canonical JSON
 */
export function datasetVersion(
  providers: readonly UpstreamProvider[],
  canonicalModels: (provider: UpstreamProvider) => [id: string, canonical: string][],
): string {
  const sha256 = createHash('sha256')
  const sorted = providers.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  for (const [index, provider] of sorted.entries()) {
    const head = Object.entries(provider.head).map(([key, value]): [string, string] => [
      key,
      canonicalJson(value),
    ])
    const models = canonicalObject(canonicalModels(provider))
    sha256.update(
      `${index === 0 ? '{' : ','}${JSON.stringify(provider.id)}:${canonicalObject([...head, ['models', models]])}`,
    )
  }
  return sha256.update('}').digest('hex')
}

function canonicalObject(members: [key: string, canonical: string][]): string {
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, canonical]) => `${JSON.stringify(key)}:${canonical}`).join(',')}}`
}
