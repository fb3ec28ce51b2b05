import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, versionOf } from '../../src/ingest/canonical.ts'

const SEED = join(import.meta.dirname, '..', '..', 'seed', 'catalog.json')

/** RFC 8785, as plainly as it can be written. */
function plainly(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plainly).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${plainly(member)}`).join(',')}}`
}

test('any JSON value is written as RFC 8785 has it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      expect(canonicalJson(value)).toBe(plainly(value))
    }),
  )
})

test.each<[what: string, value: unknown]>([
  ['numbers', [0, -0, 1.5, 1e21, 1e-7, -1.7976931348623157e308, 5e-324, 123456789012345680000]],
  ['what must be escaped', ['"', '\\', '\b\t\n\f\r\u001f', '\u007f', 'é', '模', '😀', '\u2028']],
  ['keys that must be', { 'a"b': 1, é: 2, '\n': 3, '': 4, '😀': 5, '\ufb33': 6 }],
  ['a text longer than what is written at once', { a: 'x'.repeat(200_000), b: '\u0001'.repeat(70_000) }],
  [
    'more keys than a shape has',
    Object.fromEntries(Array.from({ length: 200 }, (_, place) => [`k${place * 7}`, place])),
  ],
  [
    'more orders of keys than are kept',
    Array.from({ length: 300 }, (_, place) => ({ [`k${place}`]: 1, a: { b: 2, a: 1 } })),
  ],
  [
    'one set of keys in two orders',
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
      { a: 1, b: 2 },
    ],
  ],
  [
    'keys that no object keeps in order',
    [
      { b: 1, 10: { z: 1, a: 2 }, 9: [{ 1: 1, 0: 0 }] },
      JSON.parse('{"z": 1, "__proto__": {"b": 1, "a": 2}}'),
    ],
  ],
  ['nothing', [{}, [], '', null, [{}], { a: {} }]],
])('so are %s', (_what, value) => {
  expect(canonicalJson(value)).toBe(plainly(value))
})

test('the version is of the canonical JSON, of whatever is in it', () => {
  const seed = JSON.parse(readFileSync(SEED, 'utf8'))
  expect(versionOf(seed)).toBe(hash('sha256', plainly(seed)))
  expect(versionOf({ a: [1, Number.POSITIVE_INFINITY] })).toBeUndefined()
  expect(versionOf({ 1: [Number.NEGATIVE_INFINITY] })).toBeUndefined()
  expect(versionOf({})).toBe(hash('sha256', '{}'))
})
