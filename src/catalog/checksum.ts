/** Polynomials over GF(2) of 32 bits, the highest bit first: x^0 is the highest. That of CRC-32 (RFC 1952, 8), without its x^32. */
const POLYNOMIAL = 0xedb88320
const X_0 = 0x80000000
const X_8 = 0x00800000

/** What the checksum is multiplied with when so many bytes come behind it. */
export function shiftOf(bytes: number): number {
  let shift = X_0
  let power = X_8
  for (let left = bytes; left > 0; left >>>= 1) {
    if ((left & 1) === 1) shift = times(shift, power)
    power = times(power, power)
  }
  return shift
}

/** The CRC-32 of two texts one behind the other, from that of each and the `shiftOf` the second one's length. */
export function checksumOfBoth(first: number, second: number, shift: number): number {
  return times(first, shift) ^ second
}

/** Their product. Nothing is asked on the way, for what the next bit is cannot be foretold. */
function times(one: number, other: number): number {
  let product = 0
  let multiple = other | 0
  for (let bits = one | 0; bits !== 0; bits <<= 1) {
    product ^= multiple & (bits >> 31)
    multiple = (multiple >>> 1) ^ (POLYNOMIAL & -(multiple & 1))
  }
  return product
}
