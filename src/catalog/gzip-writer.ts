import {
  codeOf,
  distanceRestBits,
  distanceSymbol,
  END_OF_BLOCK,
  lengthSymbol,
  MAX_LENGTH,
  MIN_LENGTH,
  partOf,
} from './gzip-code.ts'
import type { MatchSink } from './gzip-matches.ts'
import {
  BLOCK_HEADER,
  BLOCK_HEADER_BITS,
  DISTANCE_CODE_BITS,
  LITERAL_CODE_BITS,
  MAX_LITERAL_CODE_BITS,
} from './gzip-tables.ts'
import { type LearnWord, MAX_WORD_BYTES, MAX_WORDS } from './gzip-words.ts'

/** RFC 1952: gzip, deflated, no flags, no time, no hint, of an unknown system. */
const FILE_HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff)
/** Pieces of words' codes, of 16 bits each: every word has one that is not full. */
const MAX_PIECES = MAX_WORDS + Math.ceil((MAX_WORD_BYTES * MAX_LITERAL_CODE_BITS) / 16)
/** As many bits as a piece's place takes; a word's own number of bits fits above. */
const PIECE_BITS = 19
const MAX_PIECE = 2 ** PIECE_BITS - 1
/** The checksum and the text's length, in bytes. */
const TRAILER_BYTES = 8

/** Writes gzip of words and matches, in one block of a code that is always the same. */
export interface GzipWriter extends MatchSink {
  /** Takes in how a word is written. */
  learn: LearnWord
  /** Forgets all words. */
  forget(): void
  /** Begins a file, whatever became of the one before. */
  begin(): void
  /** All of the file, given the CRC-32 and the length of what it comes down to, in bytes. */
  end(checksum: number, length: number): Buffer
}

/** @param textBytes how long texts are at most */
export function gzipWriter(textBytes: number): GzipWriter {
  const literals = codeOf(LITERAL_CODE_BITS)
  const distances = codeOf(DISTANCE_CODE_BITS)
  const lengths = lengthCodes(literals.codes, literals.bits)
  /** How words are written, each from a piece of its own on; by word which one that is, and above it how many bits there are. */
  const pieces = new Uint16Array(MAX_PIECES)
  const written = new Uint32Array(MAX_WORDS + 1)
  let learnt = 0

  // Nothing takes more than twice the bytes that it stands for.
  const bytes = Buffer.alloc(FILE_HEADER.length + BLOCK_HEADER.length + 2 * textBytes + TRAILER_BYTES)
  bytes.set(FILE_HEADER)
  bytes.set(BLOCK_HEADER, FILE_HEADER.length)
  // Its first byte is a piece's lower one, as on every processor that Node has a release for but IBM's large ones.
  const file = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 1)
  const headBits = 8 * FILE_HEADER.length + BLOCK_HEADER_BITS
  const headHold = file[headBits >>> 4] ?? 0
  /** How many bits the file has, and the last of them that do not fill a piece yet, the first one lowest. */
  let end = 0
  let hold = 0

  /** Adds up to 16 bits. Nothing is asked on the way: whether they fill a piece cannot be foretold, and a wrong guess takes longer. */
  const put = (code: number, bits: number) => {
    const held = end & 15
    hold |= code << held
    file[end >>> 4] = hold
    hold >>>= (held + bits) & 16
    end += bits
  }

  return {
    learn(number, text, from, to) {
      let sum = 0
      let bits = 0
      const first = learnt
      for (let place = from; place < to; place++) {
        const byte = text[place] ?? 0
        sum |= (literals.codes[byte] ?? 0) << (bits & 15)
        const before = bits >>> 4
        bits += literals.bits[byte] ?? 0
        if (bits >>> 4 > before) {
          pieces[learnt++] = sum
          sum >>>= 16
        }
      }
      pieces[learnt++] = sum
      written[number] = first | (bits << PIECE_BITS)
    },
    forget() {
      learnt = 0
    },
    begin() {
      end = headBits
      hold = headHold
    },
    word(number) {
      const all = written[number] ?? 0
      const bits = all >>> PIECE_BITS
      const last = (all & MAX_PIECE) + (bits >>> 4)
      for (let piece = all & MAX_PIECE; piece < last; piece++) put(pieces[piece] ?? 0, 16)
      put(pieces[last] ?? 0, bits & 15)
    },
    match(length, distance) {
      const over = distance - 1
      const restBits = distanceRestBits(over)
      const symbol = distanceSymbol(over, restBits)
      const rest = over & ((1 << restBits) - 1)
      const code = distances.codes[symbol] ?? 0
      const codeBits = distances.bits[symbol] ?? 0
      let left = length
      while (left > 0) {
        const part = partOf(left)
        left -= part
        put(lengths.codes[part] ?? 0, lengths.bits[part] ?? 0)
        put(code, codeBits)
        put(rest, restBits)
      }
    },
    end(checksum, length) {
      put(literals.codes[END_OF_BLOCK] ?? 0, literals.bits[END_OF_BLOCK] ?? 0)
      file[end >>> 4] = hold
      const trailer = Math.ceil(end / 8)
      bytes.writeInt32LE(checksum | 0, trailer)
      bytes.writeUInt32LE(length, trailer + 4)
      const result = Buffer.allocUnsafe(trailer + TRAILER_BYTES)
      bytes.copy(result, 0, 0, result.length)
      return result
    },
  }
}

/** How the length of a match is written, by the length: its symbol and what comes behind. */
function lengthCodes(symbolCodes: Uint16Array, symbolBits: Uint8Array) {
  const codes = new Uint16Array(MAX_LENGTH + 1)
  const bits = new Uint8Array(MAX_LENGTH + 1)
  for (let length = MIN_LENGTH; length <= MAX_LENGTH; length++) {
    const { symbol, rest, restBits } = lengthSymbol(length)
    const own = symbolBits[symbol] ?? 0
    codes[length] = (symbolCodes[symbol] ?? 0) | (rest << own)
    bits[length] = own + restBits
  }
  return { codes, bits }
}
