import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededService, type TestService } from '../service.ts'
import { bearer, LIST, serviceForTest } from './wire.ts'

const OPENED = [
  '/api.json',
  '/models.json',
  '/catalog.json',
  '/litellm/model_prices_and_context_window.json',
  '/v1/models',
  '/v1/models/openai/gpt-4o',
  '/api/v1/inference/changes.atom',
]
const OPEN = { MODELDEX_OPEN_MIRROR: 'true' }

describe.each([
  ['closed', {}, 401],
  ['open', OPEN, 200],
])('a mirror that is %s', (_name, env, status) => {
  let service: TestService
  beforeAll(async () => {
    service = await seededService({ env })
  })
  afterAll(() => service.close())

  it.each(OPENED)('%s', async (path) => {
    const statusWith = async (headers: Record<string, string>) =>
      (await fetch(service.baseUrl + path, { headers, method: 'HEAD' })).status
    expect(await statusWith({})).toBe(status)
    // Open is open: a tool may send a token that is meant for someone else.
    expect(await statusWith(bearer('wrong'))).toBe(status)
    expect(await statusWith({ Authorization: 'Basic eDp5' })).toBe(status)
    expect(await statusWith(bearer(service.token))).toBe(200)
  })

  it('opens nothing else', async () => {
    expect((await fetch(service.baseUrl + LIST)).status).toBe(401)
    expect((await fetch(`${service.baseUrl}/api/v1/inference/changes`)).status).toBe(401)
  })
})

it('counts requests to an open mirror by address, with a wrong token too', async () => {
  const { baseUrl, token } = await serviceForTest({ env: { ...OPEN, MODELDEX_RATE_LIMIT: '2' } })
  const statusWith = async (headers: Record<string, string>) =>
    (await fetch(`${baseUrl}/v1/models/openai/gpt-4o`, { headers })).status
  expect([await statusWith({}), await statusWith(bearer('wrong')), await statusWith({})]).toEqual([
    200, 200, 429,
  ])
  expect(await statusWith(bearer(token))).toBe(200)
})
