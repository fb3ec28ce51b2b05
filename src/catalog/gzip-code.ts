/** A prefix code: of each symbol its code, first bit lowest, and how many bits that has. */
export interface Code {
  codes: Uint16Array
  bits: Uint8Array
}

/** Lengths of a match that is told at once, in bytes (RFC 1951, 3.2.5). */
export const MIN_LENGTH = 3
export const MAX_LENGTH = 258
/** Symbols before it are bytes, those behind it lengths. */
export const END_OF_BLOCK = 256
const FIRST_LENGTH = 257
const LAST_LENGTH = 285

/** Hands out codes of so many bits, in the order of RFC 1951, 3.2.2. */
export function codeOf(bits: Uint8Array): Code {
  const codes = new Uint16Array(bits.length)
  const longest = Math.max(...bits)
  let next = 0
  for (let length = 1; length <= longest; length++) {
    for (const [symbol, own] of bits.entries()) {
      if (own === length) codes[symbol] = reversed(next++, length)
    }
    next *= 2
  }
  return { codes, bits }
}

function reversed(code: number, bits: number): number {
  let result = 0
  for (let bit = 0; bit < bits; bit++) result = (result << 1) | ((code >>> bit) & 1)
  return result
}

/** How much of so long a match is told at once: never so much that too little is left. */
export function partOf(left: number): number {
  if (left <= MAX_LENGTH) return left
  return Math.min(MAX_LENGTH, left - MIN_LENGTH)
}

/** How the length of a match is told: by a symbol and by `restBits` bits behind it, which say `rest`. */
export function lengthSymbol(length: number): { symbol: number; rest: number; restBits: number } {
  if (length === MAX_LENGTH) return { symbol: LAST_LENGTH, rest: 0, restBits: 0 }
  const over = length - MIN_LENGTH
  const restBits = Math.max(0, 29 - Math.clz32(over))
  return {
    symbol: FIRST_LENGTH + 4 * restBits + (over >>> restBits),
    rest: over & ((1 << restBits) - 1),
    restBits,
  }
}

/** How many bits behind its symbol a distance has, given the distance less one: they are the lowest of that. */
export function distanceRestBits(over: number): number {
  return Math.max(0, 30 - Math.clz32(over))
}

/** The symbol of a distance, given the distance less one and its `distanceRestBits`. */
export function distanceSymbol(over: number, restBits: number): number {
  return 2 * restBits + (over >>> restBits)
}
