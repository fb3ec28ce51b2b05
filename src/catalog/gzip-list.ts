import { crc32 } from 'node:zlib'
import { byteRing } from './byte-ring.ts'
import { checksumOfBoth, shiftOf } from './checksum.ts'
import { wordMatcher } from './gzip-matches.ts'
import { wordSplitter } from './gzip-words.ts'
import { gzipWriter } from './gzip-writer.ts'

/** The longest list that is compressed here, in bytes: more than a hundred entries have. */
export const MAX_TEXT_BYTES = 64 * 1024
/** Most that what is kept of entries may take, in bytes: that of 20,000. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024

const COMMA = Buffer.from(',')
/**
 * How many numbers are kept behind an entry's words: its length in bytes; its checksum, and what the one before is shifted by; the same
 * two with a comma in front.
 */
const FACTS = 5
/** None in front, at most one for each byte of a list and of an entry that is too much for it, and what is kept behind that. */
const WORDS_ROOM = 1 + 2 * MAX_TEXT_BYTES + FACTS

/**
 * Compresses a list of entries, with a comma between two of them and `after` behind. What comes out does not depend on what was listed
 * before.
 * @returns undefined: it is too long
 */
export type ListGzip = (ids: readonly number[], after: Uint8Array) => Buffer | undefined

/**
 * Of entries that were listed lately words and checksums are kept: a list of them is never read byte by byte, nor put together.
 * @param places for how many ids at most; of those that share one, the latest is kept
 * @param before what each list begins with
 * @param jsonOf gives an entry's JSON, which need not stay as it is
 */
export function listGzip(places: number, before: Uint8Array, jsonOf: (id: number) => Uint8Array): ListGzip {
  const writer = gzipWriter(MAX_TEXT_BYTES)
  const splitter = wordSplitter(writer.learn)
  const writeMatches = wordMatcher(MAX_TEXT_BYTES)
  const newRing = () => byteRing(MAX_KEPT_BYTES, places)
  let kept = newRing()
  const words = new Uint32Array(WORDS_ROOM)
  const { BYTES_PER_ELEMENT: each } = words
  const bytes = Buffer.from(words.buffer)
  const beforeChecksum = crc32(before)
  const commaChecksum = crc32(COMMA)

  /** Of the list under way: where its words end, how long it is, its checksum, and whether a word found no room. */
  let end = 1
  let length = 0
  let checksum = 0
  let isFull = false

  /** Adds words; false: there is no room for one that is new. */
  const split = (text: Uint8Array): boolean => {
    const next = splitter.split(text, 0, text.length, words, end)
    isFull = next === undefined
    end = next ?? end
    return !isFull
  }
  /** Puts an entry's words and facts behind what is there; false: it is too long, or there is no room for a word. */
  const learn = (id: number): boolean => {
    const json = jsonOf(id)
    const start = end
    if (json.length > MAX_TEXT_BYTES || !split(json)) return false
    const own = crc32(json)
    const shift = shiftOf(json.length)
    words[end] = json.length
    words[end + 1] = own
    words[end + 2] = shift
    words[end + 3] = checksumOfBoth(commaChecksum, own, shift)
    words[end + 4] = shiftOf(COMMA.length + json.length)
    kept.put(id, bytes.subarray(each * start, each * (end + FACTS)))
    return true
  }
  const addEntry = (id: number, isFirst: boolean): boolean => {
    const known = kept.lengthOf(id)
    if (known !== undefined) {
      kept.copy(id, bytes, each * end)
      end += known / each - FACTS
    } else if (!learn(id)) {
      return false
    }
    length += words[end] ?? 0
    const facts = end + (isFirst ? 1 : 3)
    checksum = checksumOfBoth(checksum, words[facts] ?? 0, words[facts + 1] ?? 0)
    return length <= MAX_TEXT_BYTES
  }
  const addAll = (ids: readonly number[], after: Uint8Array): boolean => {
    end = 0
    if (!split(COMMA)) return false
    const comma = words[0] ?? 0
    words[0] = 0
    length = before.length + after.length
    checksum = beforeChecksum
    if (!split(before)) return false
    let isFirst = true
    for (const id of ids) {
      if (!isFirst) {
        words[end++] = comma
        length += COMMA.length
      }
      if (!addEntry(id, isFirst)) return false
      isFirst = false
    }
    checksum = crc32(after, checksum >>> 0)
    return split(after)
  }
  const forget = () => {
    splitter.forget()
    writer.forget()
    kept = newRing()
  }

  return (ids, after) => {
    if (!addAll(ids, after)) {
      if (!isFull) return undefined
      forget()
      if (!addAll(ids, after)) return undefined
    }
    writer.begin()
    writeMatches(words, end, writer)
    return writer.end(checksum, length)
  }
}
