import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rottenMutations } from './rotten-mutations.ts'

// What they do to the oracle takes minutes to see (`npm run test:mutations`); that they still can is seen here.
test('every mutation still meets the text of the service', () => {
  expect(rottenMutations(join(import.meta.dirname, '../..'))).toEqual([])
})
