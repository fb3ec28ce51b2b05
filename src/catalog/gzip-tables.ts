/*
 * How gzip of lists is coded: made for the lists of the seed by `npm run bench:gzip -- --tables`. Any other catalog's can be written
 * so as well, only the less it is like this one the more bytes they take.
 */

/** Longest code of a byte or a length, in bits: the code of a length and what comes behind it fit into 16. */
export const MAX_LITERAL_CODE_BITS = 11

/** How many bits the codes of bytes, of the block's end and of lengths have. */
export const LITERAL_CODE_BITS = bitsOf(
  'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb6b3bbbbbabbb656756666677785bbbbbba9abba9babb98ab9ab9ababbbb8b8b8b587658785b866656a6656888aa8b8bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbabb9876787777678777897889999a9',
)
/** How many bits the codes of distances have. */
export const DISTANCE_CODE_BITS = bitsOf('ddddcaa796467bcb33443344456679')

/** What tells a reader so: the header of a block (RFC 1951, 3.2.7), and how many bits of it count. */
export const BLOCK_HEADER = Buffer.from(
  '7X0FYOPI9X6ZmbnqV7q2GnlEtjPF22tve+3mute9XiFN04k1caaRNDpplOQuTZmZmZmZmZmZmZkZrt1YjkGO7ayThds//O68enJ//b73vu+9N5IX',
  'base64',
)
export const BLOCK_HEADER_BITS = 669

function bitsOf(digits: string): Uint8Array {
  return Uint8Array.from(digits, (digit) => Number.parseInt(digit, 16))
}
