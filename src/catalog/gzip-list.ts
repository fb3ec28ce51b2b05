import { byteRing } from './byte-ring.ts'
import { wordMatcher } from './gzip-matches.ts'
import { wordSplitter } from './gzip-words.ts'
import { gzipWriter } from './gzip-writer.ts'

/** The longest list that is compressed here, in bytes: more than a hundred entries have. */
export const MAX_TEXT_BYTES = 64 * 1024
/** Most that entries' words kept in memory may take, in bytes: those of 20,000 entries. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024

/** None in front, at most one for each byte, and one more. */
const WORDS_ROOM = 1 + MAX_TEXT_BYTES + 1

const COMMA = Buffer.from(',')

/**
 * Compresses a list, `text`: entries of these ids from `first` on, which end at `ends`, with a comma between two. What comes out does not depend on what
 * was listed before.
 * @returns undefined: it is too long
 */
export type ListGzip = (
  text: Uint8Array,
  first: number,
  ids: readonly number[],
  ends: readonly number[],
) => Buffer | undefined

/**
 * The words of entries that were listed lately are kept, so that there is little to be read byte by byte.
 * @param places for how many ids at most; of those that share one, the latest is kept
 */
export function listGzip(places: number): ListGzip {
  const writer = gzipWriter(MAX_TEXT_BYTES)
  const splitter = wordSplitter(writer.learn)
  const writeMatches = wordMatcher(MAX_TEXT_BYTES)
  const newRing = () => byteRing(MAX_KEPT_BYTES, places)
  let kept = newRing()
  const words = new Uint32Array(WORDS_ROOM)
  const comma = new Uint32Array(1)
  const { BYTES_PER_ELEMENT: wordBytes } = words
  const bytes = Buffer.from(words.buffer)

  const forget = () => {
    splitter.forget()
    writer.forget()
    kept = newRing()
  }
  /** Adds the words of an entry; undefined: there is no room for one that is new. */
  const addEntry = (id: number, text: Uint8Array, start: number, end: number, at: number) => {
    const known = kept.lengthOf(id)
    if (known !== undefined) {
      kept.copy(id, bytes, wordBytes * at)
      return at + known / wordBytes
    }
    const after = splitter.split(text, start, end, words, at)
    if (after !== undefined) kept.put(id, bytes.subarray(wordBytes * at, wordBytes * after))
    return after
  }
  const addAll = (text: Uint8Array, first: number, ids: readonly number[], ends: readonly number[]) => {
    if (splitter.split(COMMA, 0, COMMA.length, comma, 0) === undefined) return undefined
    let at = splitter.split(text, 0, first, words, 1)
    let end = first
    for (let entry = 0; at !== undefined && entry < ids.length; entry++) {
      const start = entry === 0 ? first : end + COMMA.length
      if (entry > 0) words[at++] = comma[0] ?? 0
      end = ends[entry] ?? start
      at = addEntry(ids[entry] ?? 0, text, start, end, at)
    }
    return at === undefined ? undefined : splitter.split(text, end, text.length, words, at)
  }

  return (text, first, ids, ends) => {
    if (text.length > MAX_TEXT_BYTES) return undefined
    let end = addAll(text, first, ids, ends)
    if (end === undefined) {
      forget()
      end = addAll(text, first, ids, ends)
    }
    if (end === undefined) return undefined
    writer.begin()
    writeMatches(words, end, writer)
    return writer.end(text)
  }
}
