import { expect, it } from 'vitest'
import { accessTo } from '../../src/http/access.ts'

it.each([
  ['/api', 'read'],
  ['/api/', 'read'],
  ['/api/v1/nothing/of/the/kind', 'read'],
  ['/api//', 'read'],
  ['/apis', undefined],
  ['/API', undefined],
  ['/%61pi', undefined],
  ['//api', undefined],
  ['/', undefined],
  ['*', undefined],
])('%s asks for %s', (path, access) => {
  expect(accessTo(path)).toBe(access)
})
