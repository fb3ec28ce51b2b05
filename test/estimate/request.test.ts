import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { estimateBodySchema } from '../../src/catalog/estimate-params.ts'
import { estimatesSchema } from '../../src/http/estimate.ts'
import { seededService, type TestService } from '../service.ts'
import { get, post } from './ask.ts'

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_RATE_LIMIT: '0' } })
})
afterAll(() => service?.close())

describe('faults of a query', () => {
  test.each([
    ['input_tokens=1', [['id', 'missing']]],
    ['id=gpt-5.4&input_tokens=1', [['id', 'string_pattern_mismatch']]],
    ['id=/gpt-5.4&input_tokens=1', [['id', 'string_pattern_mismatch']]],
    ['id=openai/&input_tokens=1', [['id', 'string_pattern_mismatch']]],
    ['id=openai/gpt-5.4', [['input_tokens', 'missing']]],
    ['id=openai/gpt-5.4&requests=5&input_tokens=', [['input_tokens', 'missing']]],
    ['id=openai/gpt-5.4&input_tokens=-1', [['input_tokens', 'greater_than_equal']]],
    ['id=openai/gpt-5.4&input_tokens=1.5', [['input_tokens', 'int_parsing']]],
    ['id=openai/gpt-5.4&input_tokens=1000000000001', [['input_tokens', 'less_than_equal']]],
    ['id=openai/gpt-5.4&input_tokens=1&requests=0', [['requests', 'greater_than_equal']]],
    [
      'tokens=5&requests=x&output_tokens=-3',
      [
        ['id', 'missing'],
        ['output_tokens', 'greater_than_equal'],
        ['requests', 'int_parsing'],
        ['tokens', 'extra_forbidden'],
      ],
    ],
  ])('%s', async (query, faults) => {
    const { status, body } = await get(service, query)
    expect(status).toBe(422)
    expect(body.errors.map(({ loc, type }) => [loc, type])).toEqual(
      faults.map(([name, type]) => [['query', name], type]),
    )
  })
})

describe('a body', () => {
  const usage = { input_tokens: 1000, output_tokens: 500 }

  test.each<[unknown]>([
    [{ id: 'a/b', ...usage }],
    [{ models: ['a/b', 'c/d/e'], ...usage, requests: 2 }],
    [
      [
        { id: 'a/b', ...usage },
        { id: 'c/d', reasoning_tokens: 0 },
      ],
    ],
  ])('that the schema lets through is answered: %j', async (asked) => {
    expect(estimateBodySchema.safeParse(asked).success).toBe(true)
    expect((await post(service, asked)).status).not.toBe(422)
  })

  test('of one model says what the query says', async () => {
    const asked = await post(service, { id: 'openai/gpt-5.4', ...usage, requests: 3 })
    const query = await get(service, 'id=openai/gpt-5.4&input_tokens=1000&output_tokens=500&requests=3')
    expect([asked.status, asked.body]).toEqual([200, query.body])
    expect(asked.headers.get('cache-control')).toBe('no-store')
    expect(asked.headers.get('x-dataset-version')).toBe(query.headers.get('x-dataset-version'))
  })

  test('of models asks the same of each, and one that is refused says why', async () => {
    const models = ['openai/gpt-5.4', 'nobody/x', 'anthropic/claude-sonnet-4-5']
    const { status, body } = await post(service, { models, ...usage, cache_write_tokens: 1 })
    expect(status).toBe(200)
    expect(estimatesSchema.safeParse(body).error).toBeUndefined()
    expect(body.results.map(({ id }) => id)).toEqual(models)
    const [unpriced, missing, priced] = body.results
    expect(unpriced).toEqual({
      id: 'openai/gpt-5.4',
      estimate: null,
      error: {
        code: 400,
        type: 'invalid_error',
        detail: 'openai/gpt-5.4: its price for cache_write is unknown',
      },
    })
    expect(missing).toMatchObject({ estimate: null, error: { code: 404, type: 'not_found_error' } })
    expect(priced).toMatchObject({ estimate: { usd_total: '0.01050375' }, error: null })
  })

  test('of cases asks each its own', async () => {
    const { status, body } = await post(service, [
      { id: 'openai/gpt-5.4', input_tokens: 1_000_000 },
      { id: 'openai/gpt-5.4', output_tokens: 1 },
    ])
    expect(status).toBe(200)
    expect(body).toMatchObject({
      results: [{ estimate: { usd_total: '5' } }, { estimate: { usd_total: '0.000015' } }],
    })
  })

  test.each<[unknown, [string[], string][]]>([
    [{ ...usage }, [[['id'], 'missing']]],
    [{ id: 5, ...usage }, [[['id'], 'string_type']]],
    [{ id: 'gpt', ...usage }, [[['id'], 'string_pattern_mismatch']]],
    [{ id: 'a/b' }, [[['input_tokens'], 'missing']]],
    [{ id: 'a/b', input_tokens: '5' }, [[['input_tokens'], 'int_parsing']]],
    [{ id: 'a/b', input_tokens: 1.5 }, [[['input_tokens'], 'int_parsing']]],
    [{ id: 'a/b', input_tokens: null }, [[['input_tokens'], 'int_parsing']]],
    [{ id: 'a/b', input_tokens: -1 }, [[['input_tokens'], 'greater_than_equal']]],
    [{ id: 'a/b', input_tokens: 1e12 + 1 }, [[['input_tokens'], 'less_than_equal']]],
    [{ id: 'a/b', input_tokens: 1, requests: 0 }, [[['requests'], 'greater_than_equal']]],
    [{ id: 'a/b', models: ['a/b'], input_tokens: 1 }, [[['id'], 'extra_forbidden']]],
    [{ models: [], input_tokens: 1 }, [[['models'], 'list_type']]],
    [{ models: 'a/b', input_tokens: 1 }, [[['models'], 'list_type']]],
    [{ models: Array(101).fill('a/b'), input_tokens: 1 }, [[['models'], 'list_type']]],
    [{ models: ['a/b', 'c'], input_tokens: 1 }, [[['models', '1'], 'string_pattern_mismatch']]],
    [[], [[[], 'list_type']]],
    [Array(101).fill({ id: 'a/b', input_tokens: 1 }), [[[], 'list_type']]],
    [[{ id: 'a/b', input_tokens: 1 }, 5], [[['1'], 'dict_type']]],
    [
      [{ id: 'a/b', tokens: 1 }, { input_tokens: -1 }],
      [
        [['0', 'tokens'], 'extra_forbidden'],
        [['1', 'id'], 'missing'],
        [['1', 'input_tokens'], 'greater_than_equal'],
        [['0', 'input_tokens'], 'missing'],
      ],
    ],
  ])('with faults %j', async (asked, faults) => {
    const { status, body } = await post(service, asked)
    expect(status, JSON.stringify(body)).toBe(422)
    expect(body.errors.map(({ loc, type }) => [loc, type])).toEqual(
      faults.map(([loc, type]) => [['body', ...loc], type]),
    )
  })

  test.each([
    ['{"id"', {}, /no valid JSON/],
    ['5', {}, /no valid JSON/],
    [{ id: 'a/b', note: 'x'.repeat(64 * 1024) }, {}, /longer than 64 KiB/],
    [{ id: 'a/b' }, { 'content-type': 'text/plain' }, /must be JSON/],
  ])('that is none is 400: %#', async (asked, headers, detail) => {
    const { status, body } = await post(service, asked, '', headers)
    expect([status, body.type]).toEqual([400, 'invalid_error'])
    expect(body.detail).toMatch(detail)
  })

  test('stands beside no parameters', async () => {
    const { status, body } = await post(service, { id: 'openai/gpt-5.4', ...usage }, '?requests=2')
    expect([status, body.errors[0]?.loc]).toEqual([422, ['query', 'requests']])
  })
})
