import { gzipSync } from 'node:zlib'
import type { Database } from '../db/open.ts'
import { byteRing } from './byte-ring.ts'
import { type ListGzip, listGzip } from './gzip-list.ts'
import { listDigests } from './list-digest.ts'

/** Most that entries' JSON kept in memory may take, in bytes, and of how many entries it is kept at most. */
const MAX_BODY_BYTES = 8 * 1024 * 1024
const MAX_BODIES = 16 * 1024
/** Where lists are put together, in bytes. Longer ones get more room, for as long as that takes. */
const DESK_BYTES = 256 * 1024

const BEFORE = Buffer.from('{"models":[')
const COMMA = 0x2c
const MISSING = Buffer.from('null')

/** What a list may come in beside plain. */
export type ListCoding = 'gzip'

export interface ListBody {
  /** The JSON of an InferenceCatalogListResponse, in UTF-8. */
  body: Buffer
  /** A hash of that JSON, in base64url (see list-digest.ts). */
  digest: string
  /** What `body` is encoded in; undefined: in nothing. */
  coding: ListCoding | undefined
}

/** Gives the JSON of entries of one state of a catalog. */
export interface Bodies {
  /** @param coding where it is asked for and the list is not too long, the body comes in it */
  list(ids: readonly number[], total: number, coding?: ListCoding): ListBody
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
  const digests = listDigests(places)
  const desk = Buffer.allocUnsafeSlow(DESK_BYTES)
  let gzip: ListGzip | undefined
  /** A list of none, in gzip. */
  let nothing: Buffer | undefined
  const read = (id: number): Buffer => {
    const body = stored.get(id) ?? MISSING
    kept.put(id, body)
    digests.learn(id, body)
    return body
  }

  const jsonOf = (id: number): Buffer => {
    const length = kept.lengthOf(id)
    if (length === undefined || length > desk.length) return read(id)
    kept.copy(id, desk, 0)
    return desk.subarray(0, length)
  }
  const listGzipped = (ids: readonly number[], total: number, after: Buffer): ListBody | undefined => {
    digests.begin()
    for (const id of ids) {
      if (kept.lengthOf(id) === undefined) read(id)
      digests.add(id)
    }
    let body: Buffer | undefined
    if (total === 0) {
      nothing ??= gzipSync(Buffer.concat([BEFORE, after]))
      body = nothing
    } else {
      gzip ??= listGzip(places, BEFORE, jsonOf)
      body = gzip(ids, after)
    }
    return body === undefined ? undefined : { body, digest: digests.end(total), coding: 'gzip' }
  }

  return {
    list(ids, total, coding) {
      const after = Buffer.from(`],"total":${total}}`)
      const compressed = coding === 'gzip' ? listGzipped(ids, total, after) : undefined
      if (compressed !== undefined) return compressed
      digests.begin()
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
        digests.add(id)
      }
      makeRoom(after.length)
      text.set(after, end)
      end += after.length
      const body = Buffer.allocUnsafe(end)
      text.copy(body, 0, 0, end)
      return { body, digest: digests.end(total), coding: undefined }
    },
    of: (id) => (stored.get(id) ?? MISSING).toString(),
  }
}
