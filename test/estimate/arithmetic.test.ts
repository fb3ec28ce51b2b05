import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seededService, type TestService } from '../service.ts'
import { post } from './ask.ts'

describe('arithmetic', () => {
  const price = fc.double({ min: 0, max: 1e6, noNaN: true })
  const simple = fc.integer({ min: 0, max: 100_000 }).map((cents) => cents / 1000)
  const prices = fc.sample(fc.tuple(...Array(7).fill(fc.oneof(price, simple))), { numRuns: 100, seed: 5 })
  const KINDS = ['input', 'output', 'cache_read', 'cache_write', 'reasoning', 'input_audio', 'output_audio']

  let service: TestService
  beforeAll(async () => {
    const models = prices.map((list, at): [string, object] => [
      `m-${at}`,
      { cost: Object.fromEntries(KINDS.map((kind, place) => [kind, list[place]])) },
    ])
    service = await seededService({
      env: { MODELDEX_RATE_LIMIT: '0' },
      catalog: { acme: { models: Object.fromEntries(models) } },
    })
  })
  afterAll(() => service?.close())

  /** A decimal as a whole number of units of 10^-scale. */
  function unitsOf(decimal: string, scale: number): bigint {
    const parts = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(decimal)
    if (parts === null) throw new Error(`${decimal} is no decimal`)
    const [, whole = '', fraction = '', exponent = '0'] = parts
    const shift = scale - fraction.length + Number(exponent)
    if (shift < 0) throw new Error(`${decimal} needs a scale beyond ${scale}`)
    return BigInt(whole + fraction) * 10n ** BigInt(shift)
  }

  /** Deep enough for the smallest double, its digits, and a millionth of it. */
  const SCALE = 360

  test('is that of whole numbers', { timeout: 60_000 }, async () => {
    const count = fc.oneof(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 1e12 }))
    const asked = fc.record({
      model: fc.nat({ max: prices.length - 1 }),
      tokens: fc.tuple(...Array<typeof count>(7).fill(count)),
      requests: fc.integer({ min: 1, max: 1e12 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 50 }), async (cases) => {
        const { body } = await post(
          service,
          cases.map(({ model, tokens, requests }) => ({
            id: `acme/m-${model}`,
            requests,
            ...Object.fromEntries(KINDS.map((kind, place) => [`${kind}_tokens`, tokens[place]])),
          })),
        )
        for (const [at, { model, tokens, requests }] of cases.entries()) {
          const estimate = body.results[at]?.estimate
          const perRequest = tokens.reduce(
            (sum, number, place) => sum + BigInt(number) * unitsOf(String(prices[model]?.[place]), SCALE - 6),
            0n,
          )
          expect(unitsOf(String(estimate?.usd_per_request), SCALE)).toBe(perRequest)
          expect(unitsOf(String(estimate?.usd_total), SCALE)).toBe(perRequest * BigInt(requests))
          for (const { usd } of estimate?.lines ?? []) expect(usd).toMatch(/^\d+(\.\d*[1-9])?$/)
        }
      }),
      { numRuns: 100 },
    )
  })
})
