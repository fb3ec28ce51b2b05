import { expect, it } from 'vitest'
import { accessRules } from '../../src/http/access.ts'

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
  expect(accessRules({ sql: false })(method, path)).toBe(access)
})

it('SQL asks for its own scope, where it is switched on', () => {
  expect(accessRules({ sql: false })('POST', '/api/v1/inference/sql')).toBe('read')
  expect(accessRules({ sql: true })('POST', '/api/v1/inference/sql')).toBe('sql')
})
