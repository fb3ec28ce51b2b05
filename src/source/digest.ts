import { createHash } from 'node:crypto'
import type { Content } from './content.ts'

/** How much is read at a time, in bytes. */
const CHUNK_BYTES = 1024 * 1024

/** SHA-256 of a source's bytes. */
export function digestOf(content: Content): string {
  const sha256 = createHash('sha256')
  for (let from = 0; from < content.size; from += CHUNK_BYTES) {
    sha256.update(content.read(from, Math.min(from + CHUNK_BYTES, content.size)))
  }
  return sha256.digest('hex')
}
