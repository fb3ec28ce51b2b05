/** How many different words there are at most: a number has 16 bits. */
export const MAX_WORDS = 64 * 1024 - 1
/** How much they may take together, in bytes. */
export const MAX_WORD_BYTES = 512 * 1024
/** The longest word, in bytes: what is longer becomes several. */
const MAX_WORD_LENGTH = 255
/** Where words are looked up: a power of two, twice as many as there are words, so that few have to move on. */
const SLOTS = 128 * 1024

/** The constants of FNV-1a for 32 bits. */
const HASH_START = 0x811c9dc5
const HASH_FACTOR = 0x01000193

/** Above a word's number stands its length, so that whoever goes through words has both at once. No word is 0. */
const NUMBER_BITS = 16

export function numberOf(word: number): number {
  return word & MAX_WORDS
}

/** In bytes. */
export function lengthOf(word: number): number {
  return word >>> NUMBER_BITS
}

/** Is told of each word that gets a number, from 1 on, and where in `text` it stands. */
export type LearnWord = (number: number, text: Uint8Array, from: number, to: number) => void

/** Tells words apart: equal ones are one number, until all are forgotten. */
export interface Words {
  /**
   * Writes the words of `text` between two places into `words`, from `at` on.
   * @returns where they end; undefined: there is no room for one that is new
   */
  split(text: Uint8Array, from: number, to: number, words: Uint32Array, at: number): number | undefined
  forget(): void
}

/** 1 for letters, digits, `_`, `.` and what is beyond ASCII; 0 for what stands between words. */
const IN_WORD = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x80 || /[\w.]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

/**
 * A word has in front what stands before it, as `","name`, `":"Claude` and ` Opus`: that tells where in an entry it is, so what comes
 * behind equal words is mostly alike.
 */
export function wordSplitter(learn: LearnWord): Words {
  const slots = new Uint32Array(SLOTS)
  const starts = new Uint32Array(MAX_WORDS + 1)
  const memory = new Uint8Array(MAX_WORD_BYTES)
  let latest = 0
  let end = 0

  const isAt = (start: number, text: Uint8Array, from: number, length: number): boolean => {
    for (let place = 0; place < length; place++) {
      if (memory[start + place] !== text[from + place]) return false
    }
    return true
  }
  const find = (hash: number, text: Uint8Array, from: number, to: number): number | undefined => {
    const length = to - from
    let slot = hash ^ (hash >>> 15)
    for (;;) {
      slot = (slot + 1) & (SLOTS - 1)
      const word = slots[slot] ?? 0
      if (word === 0) break
      if (lengthOf(word) === length && isAt(starts[numberOf(word)] ?? 0, text, from, length)) return word
    }
    if (latest === MAX_WORDS || end + length > MAX_WORD_BYTES) return undefined
    const number = ++latest
    const word = number | (length << NUMBER_BITS)
    slots[slot] = word
    starts[number] = end
    memory.set(text.subarray(from, to), end)
    end += length
    learn(number, text, from, to)
    return word
  }

  return {
    split(text, from, to, words, at) {
      let count = at
      let place = from
      while (place < to) {
        const start = place
        const most = Math.min(to, start + MAX_WORD_LENGTH)
        let hash = HASH_START
        let wasInWord = 0
        for (; place < most; place++) {
          const byte = text[place] ?? 0
          const isInWord = IN_WORD[byte] ?? 0
          if (isInWord < wasInWord) break
          wasInWord = isInWord
          hash = Math.imul(hash ^ byte, HASH_FACTOR)
        }
        const word = find(hash, text, start, place)
        if (word === undefined) return undefined
        words[count++] = word
      }
      return count
    },
    forget() {
      slots.fill(0)
      latest = 0
      end = 0
    },
  }
}
