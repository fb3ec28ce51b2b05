import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { checksumOfBoth, shiftOf } from '../../src/catalog/checksum.ts'

it('tells the checksum of two texts from that of each', () => {
  const text = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.integer({ min: 0, max: 100_000 }).map((bytes) => new Uint8Array(bytes).fill(bytes)),
  )
  fc.assert(
    fc.property(text, text, (first, second) => {
      const both = checksumOfBoth(crc32(first), crc32(second), shiftOf(second.length))
      expect(both >>> 0).toBe(crc32(Buffer.concat([first, second])))
    }),
    { numRuns: 500 },
  )
})
