import { lengthOf, MAX_WORDS, numberOf } from './gzip-words.ts'

/** How far back a match may be, in bytes (RFC 1951, 3.2.5). */
const MAX_DISTANCE = 32 * 1024
/** A shorter match takes as many bits as the bytes themselves, in bytes. */
const MIN_MATCH = 5
/** When places are counted from 0 anew: before they are more than a place has room for, and seldom. */
const MAX_SEEN = 2 ** 24

/** Is told what a text comes down to, from its beginning to its end. */
export interface MatchSink {
  /** The next bytes are the word of this number. */
  word(number: number): void
  /** The next `length` bytes are those that stand `distance` bytes back. */
  match(length: number, distance: number): void
}

/**
 * Goes through the words of a text, which stand from place 1 to before `end`; place 0 has none, and there is room for one more. What
 * comes out does not depend on which numbers they have.
 */
export type WordMatcher = (words: Uint32Array, end: number, sink: MatchSink) => void

/**
 * Finds what stood before, word by word in place of byte by byte. Two places are looked at, one at a time: where the last match would
 * have gone on, for of two entries often one value alone differs, and where the word stood last.
 * @param mostWords how many words texts have at most
 */
export function wordMatcher(mostWords: number): WordMatcher {
  /** Where each word that was looked up stood last. Counted on over all texts: so nothing has to be taken back between them. */
  const latest = new Int32Array(MAX_WORDS + 1)
  /** How many bytes stand before such a place of this text. */
  const starts = new Int32Array(mostWords + 1)
  let seen = 0

  return (words, end, sink) => {
    if (seen > MAX_SEEN) {
      latest.fill(0)
      seen = 0
    }
    // No match goes beyond it.
    words[end] = 0
    let place = 1
    let start = 0
    let source = 0
    let sourceStart = 0
    while (place < end) {
      const word = words[place] ?? 0
      if (words[source] !== word || start - sourceStart > MAX_DISTANCE) {
        const number = numberOf(word)
        const last = (latest[number] ?? 0) - seen
        latest[number] = place + seen
        starts[place] = start
        if (last > 0) {
          source = last
          sourceStart = starts[last] ?? 0
        }
      }
      let next = place
      let length = 0
      let same = word
      for (let other = source; words[other] === same; other++) {
        length += lengthOf(same)
        same = words[++next] ?? 0
      }
      if (length >= MIN_MATCH && start - sourceStart <= MAX_DISTANCE) {
        sink.match(length, start - sourceStart)
        source += next - place
        sourceStart += length
        start += length
        place = next
      } else {
        sink.word(numberOf(word))
        sourceStart += lengthOf(words[source++] ?? 0)
        start += lengthOf(word)
        place++
      }
    }
    seen += end
  }
}
