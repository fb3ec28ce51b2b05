import { hash } from 'node:crypto'
import type { Database } from '../db/open.ts'
import { byteRing } from './byte-ring.ts'

/** Most that entries' JSON kept in memory may take, in bytes, and of how many entries it is kept at most. */
const MAX_BODY_BYTES = 8 * 1024 * 1024
const MAX_BODIES = 16 * 1024
/** Where lists are put together, in bytes. Longer ones get more room, for as long as that takes. */
const DESK_BYTES = 256 * 1024
/** How much of an entry's SHA-256 goes into a list's, in words of 32 bits. */
const SUM_WORDS = 4
/** How many entries' sums there is room for at first. */
const DESK_SUMS = 128

const BEFORE = Buffer.from('{"models":[')
const COMMA = 0x2c
const MISSING = Buffer.from('null')

export interface ListBody {
  /** The JSON of an InferenceCatalogListResponse, in UTF-8. */
  body: Buffer
  /**
   * A SHA-256 in base64url: of the total, and of the hash of each entry's JSON. Those are known for entries that were listed lately,
   * so that a list of them is hashed in a tenth of the time that its bytes would take.
   */
  digest: string
}

/** Gives the JSON of entries of one state of a catalog. */
export interface Bodies {
  list(ids: readonly number[], total: number): ListBody
  /** That of one entry. */
  of(id: number): string
}

/** For a catalog of that many entries. What is stored as bytes is sent as bytes: as strings, all would be copied three times. */
export function bodiesOf(db: Database, entries: number): Bodies {
  const stored = db
    .prepare<[number], Buffer>('SELECT CAST(json AS BLOB) FROM entry_body WHERE id = ?')
    .pluck()
  const places = Math.min(entries + 1, MAX_BODIES)
  const kept = byteRing(MAX_BODY_BYTES, places)
  /** Of those that are kept and of the one read last, by place. */
  const sums = new Int32Array(SUM_WORDS * places)
  const desk = Buffer.allocUnsafeSlow(DESK_BYTES)
  let deskSums = new Int32Array(SUM_WORDS * DESK_SUMS + 1)
  const read = (id: number): Buffer => {
    const body = stored.get(id) ?? MISSING
    kept.put(id, body)
    // As a text of bytes, which takes less than half as long as a buffer of its own.
    const sum = hash('sha256', body, 'binary')
    const at = SUM_WORDS * (id % places)
    for (let word = 0; word < SUM_WORDS; word++) sums[at + word] = wordOf(sum, 4 * word)
    return body
  }

  return {
    list(ids, total) {
      const after = Buffer.from(`],"total":${total}}`)
      const words = SUM_WORDS * ids.length + 1
      if (words > deskSums.length) deskSums = new Int32Array(2 * words)
      let summed = 0
      let text = desk
      let end = 0
      const makeRoom = (bytes: number) => {
        if (end + bytes > text.length) text = Buffer.concat([text], 2 * (end + bytes))
      }
      text.set(BEFORE)
      end = BEFORE.length
      for (const id of ids) {
        const known = kept.lengthOf(id)
        const body = known === undefined ? read(id) : undefined
        const length = known ?? body?.length ?? 0
        makeRoom(1 + length)
        if (end > BEFORE.length) text[end++] = COMMA
        if (body === undefined) kept.copy(id, text, end)
        else text.set(body, end)
        end += length
        const sum = SUM_WORDS * (id % places)
        for (let word = 0; word < SUM_WORDS; word++) deskSums[summed++] = sums[sum + word] ?? 0
      }
      makeRoom(after.length)
      text.set(after, end)
      end += after.length
      const body = Buffer.allocUnsafe(end)
      text.copy(body, 0, 0, end)
      deskSums[summed++] = total
      const digest = hash('sha256', new Uint8Array(deskSums.buffer, 0, 4 * summed), 'base64url')
      return { body, digest }
    },
    of: (id) => (stored.get(id) ?? MISSING).toString(),
  }
}

/** Four bytes of a text of bytes. */
function wordOf(text: string, at: number): number {
  const byte = (place: number) => text.charCodeAt(at + place) << (8 * place)
  return byte(0) | byte(1) | byte(2) | byte(3)
}
