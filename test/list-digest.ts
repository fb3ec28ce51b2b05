import { hash } from 'node:crypto'

/** Of an entry's SHA-256, in bytes. */
const SUM_BYTES = 16

/**
 * What the tag of a list is made of, told from its body alone: a SHA-256 in base64url of half of each entry's, and of the total.
 * @throws SyntaxError when the body is no JSON
 */
export function listDigest(body: string): string {
  const { models, total } = JSON.parse(body) as { models: unknown[]; total: number }
  const sums = models.map((model) => hash('sha256', JSON.stringify(model), 'buffer').subarray(0, SUM_BYTES))
  const end = Buffer.alloc(4)
  end.writeInt32LE(total)
  return hash('sha256', Buffer.concat([...sums, end]), 'base64url')
}
