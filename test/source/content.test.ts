import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inFile } from '../../src/source/content.ts'
import { inTemporaryFolder } from '../ingest/catalogs.ts'

/** More than is kept of a file since it was read last. */
const FILE_BYTES = 3 * 1024 * 1024
const KIB = 1024

test('a file is read as it stands, wherever one read stands to the one before', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'source.json')
    const bytes = Buffer.from(Uint32Array.from({ length: FILE_BYTES / 4 }, (_, place) => place).buffer)
    writeFileSync(file, bytes)
    const place = fc.oneof(fc.nat(FILE_BYTES), fc.nat(8 * KIB))
    const length = fc.oneof(fc.nat(2 * KIB), fc.nat(100 * KIB), fc.nat(FILE_BYTES))
    // Right behind the one before, a little further on, or anywhere.
    const step = fc.record({ gap: fc.option(fc.nat(6 * KIB)), place, length })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        const content = inFile(file)
        let end = 0
        for (const { gap, place, length } of steps) {
          const from = Math.min(gap === null ? place : end + gap, FILE_BYTES)
          end = Math.min(from + length, FILE_BYTES)
          expect(content.read(from, end).equals(bytes.subarray(from, end))).toBe(true)
        }
        content.close()
      }),
    )
  }))
