import { Big } from 'big.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { entryListSchema } from '../../src/catalog/entry.ts'
import type { ValidationItem } from '../../src/errors.ts'
import type { estimatesSchema } from '../../src/http/estimate.ts'
import { rankingSchema } from '../../src/http/estimates.ts'
import { seededService, type TestService } from '../service.ts'
import { post } from './ask.ts'

const USAGE = { input_tokens: 250_000, output_tokens: 4_000, cache_read_tokens: 1_000, requests: 30 }
const USED = new URLSearchParams(
  Object.entries(USAGE)
    .map(([name, number]) => `${name}=${number}`)
    .join('&'),
)

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_RATE_LIMIT: '0' } })
})
afterAll(() => service?.close())

interface Body {
  detail: string
  errors: ValidationItem[]
}

async function ask({ baseUrl, token }: TestService, query: string) {
  const response = await fetch(`${baseUrl}/api/v1/inference/estimates?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body }
}

async function rank(query: string): Promise<z.infer<typeof rankingSchema>> {
  const { status, body } = await ask(service, query)
  expect(status).toBe(200)
  return rankingSchema.strict().parse(body)
}

/** All pages of a ranking. */
async function rankAll(query: string) {
  const first = await rank(`${query}&limit=100`)
  const offsets = Array.from({ length: Math.ceil(first.total / 100) - 1 }, (_, page) => 100 * (page + 1))
  const others = await Promise.all(offsets.map((offset) => rank(`${query}&limit=100&offset=${offset}`)))
  return { ...first, results: [first, ...others].flatMap(({ results }) => results) }
}

describe('a ranking', () => {
  test('costs each model as its own estimate does, the cheapest first, and leaves out none', async () => {
    const { results, total, priced } = await rankAll(String(USED))
    expect(results).toHaveLength(total)
    const ids = results.map(({ entry }) => entry.id)
    expect(new Set(ids).size).toBe(8_337)
    const batches = Array.from({ length: Math.ceil(total / 100) }, (_, batch) =>
      ids.slice(100 * batch, 100 * (batch + 1)),
    )
    const alone = new Map<string, z.infer<typeof estimatesSchema>['results'][number]>()
    for (const models of batches) {
      const { body } = await post(service, { models, ...USAGE })
      for (const result of body.results) alone.set(result.id, result)
    }
    for (const { entry, ...cost } of results) expect({ id: entry.id, ...cost }).toEqual(alone.get(entry.id))
    const totals = results.flatMap(({ estimate }) => (estimate === null ? [] : [new Big(estimate.usd_total)]))
    expect(totals).toHaveLength(priced)
    expect(totals.every((usd, place) => place === 0 || usd.gte(totals[place - 1] ?? 0))).toBe(true)
    expect(results.slice(priced).every(({ estimate }) => estimate === null)).toBe(true)
    expect(priced).toBeLessThan(total)
  })

  test.each([
    'min_context=200000',
    'max_context=9000',
    'min_price=1&max_price=2.5',
    'input_modality=audio&output_modality=text',
    'released_after=2026-01-01&open_weights=true',
    'query=sonnet&status=deprecated',
  ])('ranks what a list finds: %s', async (filters) => {
    const { total } = await rank(`${USED}&${filters}`)
    const { body } = await ask(service, `${USED}&${filters}&limit=1&offset=1`)
    const list = await fetch(`${service.baseUrl}/api/v1/inference/models?${filters}`, {
      headers: { authorization: `Bearer ${service.token}` },
    })
    expect(list.status).toBe(200)
    expect([total, body]).toEqual([
      ((await list.json()) as { total: number }).total,
      expect.objectContaining({ total }),
    ])
    expect(total).toBeGreaterThan(0)
  })

  test('follows the filters of a list, equals in its order', async () => {
    const filters = 'provider=groq&capabilities=tool_call'
    const { results, total } = await rankAll(`${USED}&${filters}`)
    const answer = await fetch(`${service.baseUrl}/api/v1/inference/models?${filters}&limit=100`, {
      headers: { authorization: `Bearer ${service.token}` },
    })
    const list = entryListSchema.parse(await answer.json())
    expect(total).toBe(list.total)
    const standing = new Map(list.models.map(({ id }, place) => [id, place]))
    const expected = results.toSorted(
      (one, other) =>
        Number(one.estimate?.usd_total ?? Infinity) - Number(other.estimate?.usd_total ?? Infinity) ||
        (standing.get(one.entry.id) ?? 0) - (standing.get(other.entry.id) ?? 0),
    )
    expect(results).toEqual(expected)
    expect(results.every(({ entry }) => standing.has(entry.id))).toBe(true)
  })

  test('leaves out what costs nothing where that is asked for, and keeps what is unknown', async () => {
    const [all, paid] = await Promise.all([
      rankAll('input_tokens=1000&provider=openrouter'),
      rankAll('input_tokens=1000&provider=openrouter&free=false'),
    ])
    const isFree = (result: (typeof all)['results'][number]) => result.estimate?.usd_total === '0'
    expect(all.results.some(isFree)).toBe(true)
    expect(paid.results).toEqual(all.results.filter((result) => !isFree(result)))
    expect(all.total - paid.total).toBe(all.priced - paid.priced)
  })

  test('has pages, and a tag to ask again with', async () => {
    const { headers } = await ask(service, `${USED}&provider=openai&limit=10&offset=10`)
    expect(headers.get('link')).toMatch(
      /offset=0>; rel="first".*offset=0>; rel="prev".*offset=20>; rel="next"/,
    )
    expect(headers.get('etag')).toMatch(/^"/)
    expect(headers.get('x-dataset-version')).toMatch(/\w/)
    expect((await rank(`${USED}&offset=100000`)).results).toEqual([])
  })

  test.each([
    ['', [['input_tokens', 'missing']]],
    [
      'input_tokens=1&requests=0&free=maybe',
      [
        ['requests', 'greater_than_equal'],
        ['free', 'bool_parsing'],
      ],
    ],
    [
      'input_tokens=1&limit=101&sort=price',
      [
        ['limit', 'less_than_equal'],
        ['sort', 'extra_forbidden'],
      ],
    ],
  ])('says all that is wrong with %s', async (query, faults) => {
    const { status, body } = await ask(service, query)
    expect(status).toBe(422)
    expect(body.errors.map(({ loc, type }: ValidationItem) => [loc[1], type])).toEqual(faults)
  })

  test('of more models than one request reckons is refused', async () => {
    const models = Object.fromEntries(
      Array.from({ length: 20_001 }, (_, at) => [`m${at}`, { id: `m${at}`, name: 'M' }]),
    )
    const large = await seededService({ catalog: { p: { id: 'p', name: 'P', models } } })
    const { status, body } = await ask(large, 'input_tokens=1')
    expect([status, body.detail]).toEqual([400, '20001 models match; at most 20000 are ranked at once'])
    expect((await ask(large, 'input_tokens=1&query=m77')).status).toBe(200)
    await large.close()
  })
})
