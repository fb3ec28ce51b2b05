import { expect, it } from 'vitest'
import { bearer, serviceForTest } from './wire.ts'

const PATH = '/litellm/model_prices_and_context_window.json'

it('serves a map that LiteLLM accepts, to who sends no token', async () => {
  const { baseUrl } = await serviceForTest({ env: { MODELDEX_OPEN_MIRROR: 'true' } })
  const answer = await fetch(baseUrl + PATH)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  const map = (await answer.json()) as Record<string, object>
  // Half of the 2,984 models that LiteLLM ships.
  expect(Object.keys(map).length).toBeGreaterThanOrEqual(1_492)
  expect(map['gpt-4o']).toMatchObject({ litellm_provider: 'openai', input_cost_per_token: 2.5e-6 })
})

it('asks for a token otherwise, and answers 304 to who has the map', async () => {
  const { baseUrl, token } = await serviceForTest()
  expect((await fetch(baseUrl + PATH)).status).toBe(401)
  const answer = await fetch(baseUrl + PATH, { headers: bearer(token), method: 'HEAD' })
  const known = { 'If-None-Match': answer.headers.get('etag') ?? '' }
  expect((await fetch(baseUrl + PATH, { headers: { ...bearer(token), ...known } })).status).toBe(304)
})
