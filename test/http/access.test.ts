import { expect, it } from 'vitest'
import { accessRules } from '../../src/http/access.ts'

const PLAIN = { sql: false, openMirror: false, openMetrics: false }

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
  ['GET', '/openapi.json', 'open'],
  ['GET', '/docs', 'open'],
  ['GET', '/docs/start.js', 'open'],
  ['GET', '/docs.html', undefined],
  ['POST', '/api/v1/inference/refresh', 'admin'],
  ['GET', '/api/v1/inference/refresh', 'read'],
  ['POST', '/mcp', 'read'],
  ['GET', '/mcp/', 'read'],
  ['POST', '/mcps', undefined],
])('%s %s asks for %s', (method, path, access) => {
  expect(accessRules(PLAIN)(method, path)).toBe(access)
})

it('SQL asks for its own scope, where it is switched on', () => {
  expect(accessRules(PLAIN)('POST', '/api/v1/inference/sql')).toBe('read')
  expect(accessRules({ ...PLAIN, sql: true })('POST', '/api/v1/inference/sql')).toBe('sql')
})

it.each(['/api.json', '/models.json', '/catalog.json', '/litellm/x.json', '/v1/models', '/v1/models/a/b'])(
  '%s asks for a token unless the mirror is open',
  (path) => {
    expect(accessRules(PLAIN)('GET', path)).toBe('read')
    expect(accessRules({ ...PLAIN, openMirror: true })('GET', path)).toBe('open')
  },
)

it('an open mirror opens the feed and nothing else of the API', () => {
  const accessTo = accessRules({ ...PLAIN, openMirror: true })
  expect(accessTo('GET', '/api/v1/inference/changes.atom')).toBe('open')
  expect(accessTo('GET', '/api/v1/inference/changes')).toBe('read')
  expect(accessTo('GET', '/api/v1/inference/catalog')).toBe('read')
  expect(accessTo('GET', '/api.json5')).toBeUndefined()
})
