import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { accepts } from '../../src/source/accepts.ts'

const schema = z.object({
  text: z.custom<string>((value) => typeof value === 'string').nullish(),
  short: z.string().max(2).optional(),
  count: z.int().nonnegative().nullable(),
  flags: z.array(z.boolean()).nullish(),
  few: z.array(z.boolean()).max(1).nullish(),
  inner: z.object({ price: z.number().nullish() }).nullish(),
  pair: z
    .object({ a: z.number().optional() })
    .refine(({ a }) => a !== 1)
    .nullish(),
})

test('accepts what the schema accepts, and nothing else', () => {
  const accepted = accepts(schema)
  const leaf = fc.oneof(
    fc.constantFrom(
      null,
      undefined,
      '',
      'ab',
      'abc',
      0,
      1,
      -1,
      1.5,
      true,
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ),
    fc.array(fc.constantFrom(true, false, 1, null), { maxLength: 3 }),
    fc.record({ price: fc.constantFrom(1, '1', null), a: fc.constantFrom(1, 2, 'x') }, { requiredKeys: [] }),
  )
  const good = fc.record(
    {
      text: fc.constantFrom('a', null),
      short: fc.constant('ab'),
      count: fc.constantFrom(null, 3),
      flags: fc.array(fc.boolean()),
      few: fc.constant([true]),
      inner: fc.record({ price: fc.constantFrom(0.5, null) }, { requiredKeys: [] }),
      pair: fc.record({ a: fc.constantFrom(1, 2) }),
    },
    { requiredKeys: ['count'] },
  )
  const keys = fc.constantFrom('text', 'short', 'count', 'flags', 'few', 'inner', 'pair', 'other')
  const nearlyGood = fc.tuple(good, keys, leaf).map(([object, key, value]) => ({ ...object, [key]: value }))
  const seen = { accepted: 0, refused: 0 }
  fc.assert(
    fc.property(fc.oneof(good, nearlyGood, leaf), (value) => {
      const { success } = schema.safeParse(value)
      seen[success ? 'accepted' : 'refused']++
      expect(accepted(value)).toBe(success)
    }),
    { numRuns: 2_000 },
  )
  expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(200)
})
