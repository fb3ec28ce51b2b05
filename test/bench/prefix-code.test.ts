import { inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { blockHeader, codeLengths } from '../../bench/prefix-code.ts'
import { codeOf } from '../../src/catalog/gzip-code.ts'
import {
  BLOCK_HEADER,
  BLOCK_HEADER_BITS,
  DISTANCE_CODE_BITS,
  LITERAL_CODE_BITS,
} from '../../src/catalog/gzip-tables.ts'

/** How much of all that codes can be these take: 1 where every sequence of bits is one of codes. */
const taken = (lengths: Uint8Array) => lengths.reduce((sum, bits) => sum + (bits === 0 ? 0 : 2 ** -bits), 0)

it('gives codes that leave nothing over, none of them too long, the shorter the more often', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 2 ** 30 }), { minLength: 2, maxLength: 300 })
  fc.assert(
    fc.property(weights, fc.integer({ min: 9, max: 15 }), (all, most) => {
      fc.pre(all.filter((weight) => weight > 0).length >= 2)
      const lengths = codeLengths(all, most)
      expect(Math.max(...lengths)).toBeLessThanOrEqual(most)
      expect(taken(lengths)).toBe(1)
      for (const [symbol, weight] of all.entries()) {
        expect(lengths[symbol] === 0).toBe(weight === 0)
        for (const [other, bits] of lengths.entries()) {
          if (weight > (all[other] ?? 0) && bits > 0) expect(lengths[symbol]).toBeLessThanOrEqual(bits)
        }
      }
    }),
    { numRuns: 50 },
  )
})

it('writes a header that readers of any kind take', () => {
  const lengths = fc.array(fc.constantFrom(0, 0, 0, 1, 1, 5, 1_000), { minLength: 286, maxLength: 286 })
  fc.assert(
    fc.property(lengths, (weights) => {
      const literals = codeLengths([...weights.slice(0, 256), 1, ...weights.slice(257)], 15)
      fc.pre(taken(literals) === 1)
      const header = blockHeader(literals, codeLengths(new Array(30).fill(1), 15))
      const { codes, bits } = codeOf(literals)
      const end = (codes[256] ?? 0).toString(2).padStart(bits[256] ?? 0, '0')
      expect(inflateRawSync(bytesOf(header + [...end].toReversed().join('')))).toHaveLength(0)
    }),
    { numRuns: 200 },
  )
})

it('has the header of the tables that lists are written with', () => {
  const header = blockHeader(LITERAL_CODE_BITS, DISTANCE_CODE_BITS)
  expect(header).toHaveLength(BLOCK_HEADER_BITS)
  expect(bytesOf(header)).toEqual(BLOCK_HEADER)
})

function bytesOf(bits: string): Buffer {
  const bytes = bits.match(/.{1,8}/g) ?? []
  return Buffer.from(bytes.map((byte) => Number.parseInt([...byte].toReversed().join(''), 2)))
}
