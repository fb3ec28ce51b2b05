import OpenAI, { AuthenticationError, NotFoundError, RateLimitError } from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { seededService, type TestService } from '../service.ts'
import { bearer, get, LIST, serviceForTest } from './wire.ts'

const listSchema = z.object({ total: z.number(), models: z.array(z.object({ id: z.string() })) })

let service: TestService
beforeAll(async () => {
  service = await seededService()
})
afterAll(() => service.close())

function clientOf({ baseUrl, token }: { baseUrl: string; token: string }): OpenAI {
  return new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey: token, maxRetries: 0 })
}

describe("OpenAI's own client", () => {
  it('lists every model of the catalog, in its order', async () => {
    const { data } = await clientOf(service).models.list()
    const catalog = listSchema.parse(await (await get(service, `${LIST}?limit=100`)).json())
    expect(data).toHaveLength(catalog.total)
    expect(data.slice(0, 100).map(({ id }) => id)).toEqual(catalog.models.map(({ id }) => id))
    for (const model of data) {
      expect(Object.keys(model)).toEqual(['id', 'object', 'created', 'owned_by'])
      expect(model.object).toBe('model')
      expect(Number.isInteger(model.created)).toBe(true)
    }
  })

  it.each([
    ['openai/gpt-4o', 'openai'],
    ['openrouter/anthropic/claude-sonnet-4.5', 'anthropic'],
    ['groq/openai/gpt-oss-120b', 'openai'],
  ])('retrieves %s, which is of %s', async (id, lab) => {
    expect(await clientOf(service).models.retrieve(id)).toMatchObject({ id, object: 'model', owned_by: lab })
  })

  it('throws its own errors', async () => {
    await expect(clientOf({ ...service, token: 'wrong' }).models.list()).rejects.toThrow(AuthenticationError)
    await expect(clientOf(service).models.retrieve('openai/nothing')).rejects.toThrow(NotFoundError)
    const limited = clientOf(await serviceForTest({ env: { MODELDEX_RATE_LIMIT: '1' } }))
    await limited.models.list()
    await expect(limited.models.list()).rejects.toThrow(RateLimitError)
  })
})

it('takes the slashes of an id as they are, or encoded', async () => {
  const paths = ['/v1/models/groq/openai/gpt-oss-120b', '/v1/models/groq%2Fopenai%2Fgpt-oss-120b']
  const [plain, encoded] = await Promise.all(paths.map(async (path) => (await get(service, path)).text()))
  expect(plain).toBe(encoded)
})

it('tells the day or month of release, and 0 where neither is known', async () => {
  const dates = { day: '2025-08-07', month: '2025-08', never: '2025-02-31', odd: 'soon' }
  const models = Object.fromEntries(Object.entries(dates).map(([id, release_date]) => [id, { release_date }]))
  const dated = await serviceForTest({ catalog: { acme: { id: 'acme', models: { ...models, none: {} } } } })
  const { data } = await clientOf(dated).models.list()
  expect(Object.fromEntries(data.map(({ id, created }) => [id, created]))).toEqual({
    'acme/day': Date.UTC(2025, 7, 7) / 1000,
    'acme/month': Date.UTC(2025, 7, 1) / 1000,
    'acme/never': 0,
    'acme/odd': 0,
    'acme/none': 0,
  })
})

it('passes over parameters that clients send', async () => {
  expect((await get(service, '/v1/models?limit=2&after=x')).status).toBe(200)
  expect((await get(service, '/v1/models/openai/gpt-4o?beta=1')).status).toBe(200)
})

describe('failures', () => {
  it.each([
    ['GET', '/v1/models/nothing', 404, 'model_not_found', 'model'],
    ['DELETE', '/v1/models/openai/gpt-4o', 404, 'model_not_found', 'model'],
    ['GET', '/v1/models/', 404, 'model_not_found', 'model'],
    ['POST', '/v1/models', 404, null, null],
    ['POST', '/v1/chat/completions', 404, null, null],
    ['GET', '/v1/models/%zz', 400, null, null],
  ])('%s %s is %i, %s', async (method, path, status, code, param) => {
    const answer = await get(service, path, { method })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.json()).toEqual({
      error: { message: expect.stringMatching(/\S/), type: 'invalid_request_error', param, code },
    })
  })

  it('of authentication keep their headers', async () => {
    const answer = await fetch(`${service.baseUrl}/v1/models`, { headers: bearer('wrong') })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    expect(await answer.json()).toEqual({
      error: {
        message: 'Authentication failed',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    })
  })
})
