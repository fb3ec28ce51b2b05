import fc from 'fast-check'
import { expect, it } from 'vitest'
import { boundedCache } from '../../src/catalog/bounded-cache.ts'

const MOST = 100

it('tells what is kept, and how much that takes: never more than it may', () => {
  const step = fc.record({ key: fc.nat(15), size: fc.integer({ min: 1, max: 60 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const cache = boundedCache<number, { size: number }>(MOST, (_key, { size }) => size)
      const known = new Map<number, { size: number }>()
      for (const { key, size } of steps) {
        const found = cache.get(key)
        if (found === undefined) {
          known.set(key, { size })
          cache.set(key, { size })
          expect(cache.get(key)).toEqual(size > MOST / 2 ? undefined : { size })
        } else {
          expect(found).toEqual(known.get(key))
        }
        expect(cache.size()).toBeLessThanOrEqual(MOST)
      }
    }),
  )
})

it('counts what is asked for again where it stands now, and no more where it stood', () => {
  const cache = boundedCache<string, number>(MOST, (_key, size) => size)
  cache.set('first', 20)
  cache.set('second', 30)
  cache.set('third', 10)
  expect([cache.get('first'), cache.size()]).toEqual([20, 60])
  cache.set('fourth', 25)
  // The second was not asked for, and went.
  expect([cache.get('first'), cache.get('second'), cache.get('third')]).toEqual([20, undefined, 10])
  expect(cache.size()).toBe(55)
})
