import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inMemory } from '../../src/source/content.ts'
import { digestOf } from '../../src/source/digest.ts'

const digest = (text: string, chunkBytes?: number) => digestOf(inMemory(Buffer.from(text)), chunkBytes)

test('a text has the digest of its JSON without blanks, wherever it is cut into chunks', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.nat(20), fc.nat(9), (value, chunk, indent) => {
      const compact = JSON.stringify(value)
      for (const text of [compact, JSON.stringify(value, null, indent), `\r\n\t${compact} `]) {
        expect(digest(text, chunk + 1)).toBe(hash('sha256', compact))
      }
    }),
  )
})

test.each([
  ['{"a": 1 2}', '{"a": 12}'],
  ['[1, true false]', '[1, truefalse]'],
  ['["a b"]', '["ab"]'],
  ['["\\" "]', '["\\""]'],
  ['["\\\\" , "x"]', '["\\\\ , "x"]'],
])('%s is not %s', (one, other) => {
  for (const chunkBytes of [1, 2, 100]) expect(digest(one, chunkBytes)).not.toBe(digest(other, chunkBytes))
})

test('the seed is the same on one line', () => {
  const seed = readFileSync(join(import.meta.dirname, '..', '..', 'seed', 'catalog.json'), 'utf8')
  expect(digest(JSON.stringify(JSON.parse(seed)))).toBe(digest(seed))
})
