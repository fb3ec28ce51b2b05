import { createHash } from 'node:crypto'
import type { Content } from './content.ts'

/** How much is looked at at a time, in bytes. */
const CHUNK_BYTES = 1024 * 1024

const [QUOTE, BACKSLASH, BLANK] = [0x22, 0x5c, 0x20]
const [WORD, MARK, GAP] = [0, 1, 2]
/** What a byte outside texts is: of a number or a word, a mark that ends one, or between tokens. */
const KINDS = new Uint8Array(256)
for (const mark of Buffer.from('{}[]:,"')) KINDS[mark] = MARK
for (const gap of Buffer.from(' \t\r\n')) KINDS[gap] = GAP

/**
 * SHA-256 of a JSON text without the blanks between its tokens. Texts that share it are the same, token by token, however
 * they are laid out; a blank that keeps two words apart stays.
 */
export function digestOf(content: Content, chunkBytes = CHUNK_BYTES): string {
  const sha256 = createHash('sha256')
  const compact = Buffer.allocUnsafe(2 * Math.min(chunkBytes, content.size))
  let isText = false
  let isEscaped = false
  let isGap = false
  let last = MARK
  for (let from = 0; from < content.size; from += chunkBytes) {
    const chunk = content.read(from, Math.min(from + chunkBytes, content.size))
    let end = 0
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index] ?? 0
      if (isText) {
        if (isEscaped) isEscaped = false
        else if (byte === BACKSLASH) isEscaped = true
        else if (byte === QUOTE) isText = false
      } else {
        const kind = KINDS[byte] ?? WORD
        if (kind === GAP) {
          isGap = true
          continue
        }
        if (isGap && kind === WORD && last === WORD) compact[end++] = BLANK
        isGap = false
        last = kind
        isText = byte === QUOTE
      }
      compact[end++] = byte
    }
    sha256.update(compact.subarray(0, end))
  }
  return sha256.digest('hex')
}
