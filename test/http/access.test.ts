import { expect, it } from 'vitest'
import { accessTo } from '../../src/http/access.ts'

it.each([
  ['GET', '/api', 'read'],
  ['GET', '/api/', 'read'],
  ['GET', '/api/v1/nothing/of/the/kind', 'read'],
  ['GET', '/api//', 'read'],
  ['GET', '/apis', undefined],
  ['GET', '/API', undefined],
  ['GET', '/%61pi', undefined],
  ['GET', '//api', undefined],
  ['GET', '/', undefined],
  ['GET', '*', undefined],
  ['POST', '/api/v1/inference/refresh', 'admin'],
  ['GET', '/api/v1/inference/refresh', 'read'],
])('%s %s asks for %s', (method, path, access) => {
  expect(accessTo(method, path)).toBe(access)
})
