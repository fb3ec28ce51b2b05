import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { facetsSchema } from '../../src/catalog/facets-answer.ts'
import { seededService, type TestService } from '../service.ts'
import { expectEnvelope, get } from './wire.ts'

const FACETS = '/api/v1/inference/facets'

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_RATE_LIMIT: '0' } })
})
afterAll(() => service.close())

describe('facets', () => {
  it('have the documented form, whatever matches', async () => {
    for (const query of ['', 'query=kimi&ignore_own=1', 'query=nothing-like-it', 'featured=true']) {
      const answer = await get(service, `${FACETS}?${query}`)
      expect(facetsSchema.strict().parse(await answer.json())).toBeDefined()
      expect(answer.headers.get('x-dataset-version')).toMatch(/^[0-9a-f]{64}$/)
    }
  })

  it('show what else could be chosen', async () => {
    const countsOf = async (query: string) => {
      const { provider, price } = facetsSchema.parse(await (await get(service, `${FACETS}?${query}`)).json())
      return { providers: provider.length, prices: price.buckets.filter(({ count }) => count > 0).length }
    }
    expect(await countsOf('provider=openai&max_price=0.5')).toMatchObject({ providers: 1 })
    const free = await countsOf('provider=openai&max_price=0.5&ignore_own=true')
    expect(free.providers).toBeGreaterThan(50)
    expect(free.prices).toBeGreaterThan(3)
  })

  it.each(['limit=1', 'offset=1', 'sort=name', 'format=csv', 'at=2026-03-31', 'ignore_own=perhaps'])(
    'take no %s',
    async (query) => {
      const answer = await get(service, `${FACETS}?${query}`)
      expectEnvelope(answer, await answer.text(), 422, 'validation_error')
    },
  )

  it('have no range that holds nothing', async () => {
    const answer = await get(service, `${FACETS}?min_price=2&max_price=1`)
    expectEnvelope(answer, await answer.text(), 400, 'invalid_error')
  })
})
