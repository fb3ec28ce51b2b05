import createClient from 'openapi-fetch'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededService, type TestService } from '../service.ts'
import type { components, paths } from './schema.d.ts'
import { firstLine, firstLineOfTypes } from './types.ts'

/** A client whose types are made of `/openapi.json`: the compiler checks what is asked and what is made of the answers. */
let service: TestService
let client: ReturnType<typeof createClient<paths>>
beforeAll(async () => {
  service = await seededService({
    env: { MODELDEX_TOKEN: 'reads', MODELDEX_ADMIN_TOKEN: 'asks', MODELDEX_SQL: 'true' },
  })
  client = createClient<paths>({ baseUrl: service.baseUrl, headers: { Authorization: 'Bearer asks' } })
})
afterAll(() => service.close())

it('the types are of this description: else run npm run openapi:types', () => {
  expect(firstLineOfTypes()).toBe(firstLine)
})

it('browses', async () => {
  const query = { query: 'kimi k3', capabilities: ['reasoning', 'tool_call'], open_weights: true, limit: 2 }
  const { data, error } = await client.GET('/api/v1/inference/catalog', { params: { query } })
  expect(error).toBeUndefined()
  const models: components['schemas']['InferenceCatalogEntry'][] = data?.models ?? []
  expect(models.map(({ id, cost }) => [id, cost?.input])).toContainEqual(['moonshotai/kimi-k3', 3])
  expect(data?.total).toBeGreaterThan(models.length)
})

it('gets one model whose id holds a slash', async () => {
  const path = { provider: 'openrouter', model_id: 'anthropic/claude-sonnet-4.5' }
  const { data } = await client.GET('/api/v1/inference/catalog/{provider}/{model_id}', { params: { path } })
  expect(data?.id).toBe('openrouter/anthropic/claude-sonnet-4.5')
  expect(data?.limits?.context).toBeGreaterThan(0)
})

it('learns what is wrong', async () => {
  const { data, error, response } = await client.GET('/api/v1/inference/catalog', {
    params: { query: { limit: 500 } },
  })
  expect(data).toBeUndefined()
  expect(response.status).toBe(422)
  expect(error?.type).toBe('validation_error')
  expect(error?.errors?.map(({ loc }) => loc)).toEqual([['query', 'limit']])
})

it('asks in SQL', async () => {
  const { data } = await client.POST('/api/v1/inference/sql', {
    body: {
      sql: 'SELECT count(*) AS models FROM model WHERE provider = :provider',
      params: { provider: 'openai' },
    },
  })
  expect(data?.columns).toEqual(['models'])
  expect(data?.truncated).toBe(false)
})

it('is kept by the compiler from asking what is not there', () => {
  const wrong = [
    // @ts-expect-error: no such route
    () => client.GET('/api/v1/inference/catalogue'),
    // @ts-expect-error: no such parameter
    () => client.GET('/api/v1/inference/catalog', { params: { query: { limt: 5 } } }),
    // @ts-expect-error: a number
    () => client.GET('/api/v1/inference/catalog', { params: { query: { limit: '5' } } }),
    // @ts-expect-error: the parts of the path are missing
    () => client.GET('/api/v1/inference/catalog/{provider}/{model_id}'),
    // @ts-expect-error: a statement is missing
    () => client.POST('/api/v1/inference/sql', { body: { limit: 5 } }),
  ]
  expect(wrong).toHaveLength(5)
})
