import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { estimateSchema } from '../../src/catalog/estimate-answer.ts'
import { seededService, type TestService } from '../service.ts'
import { get } from './ask.ts'

describe('real models, reckoned by hand', () => {
  let service: TestService
  beforeAll(async () => {
    service = await seededService({ env: { MODELDEX_RATE_LIMIT: '0' } })
  })
  afterAll(() => service?.close())

  test('every part is a line', async () => {
    const { status, body } = await get(
      service,
      'id=anthropic/claude-sonnet-4-5&input_tokens=1000&output_tokens=500&cache_read_tokens=20000&cache_write_tokens=300&requests=1000',
    )
    expect(status).toBe(200)
    expect(body).toEqual({
      id: 'anthropic/claude-sonnet-4-5',
      currency: 'USD',
      tier: null,
      lines: [
        { kind: 'input', tokens: 1000, usd_per_mtok: 3, usd: '0.003' },
        { kind: 'output', tokens: 500, usd_per_mtok: 15, usd: '0.0075' },
        { kind: 'cache_read', tokens: 20000, usd_per_mtok: 0.3, usd: '0.006' },
        { kind: 'cache_write', tokens: 300, usd_per_mtok: 3.75, usd: '0.001125' },
      ],
      usd_per_request: '0.017625',
      requests: 1000,
      usd_total: '17.625',
      assumptions: [],
      warnings: [],
    })
    expect(estimateSchema.strict().safeParse(body).error).toBeUndefined()
  })

  const total = async (query: string) => {
    const { status, body } = await get(service, query)
    expect(status, JSON.stringify(body)).toBe(200)
    return body
  }

  test.each([
    // The prompt is at the tier's size: usual prices. 200,000 x 1.25 + 1,000 x 10, per million.
    ['input_tokens=200000&output_tokens=1000', null, '0.26'],
    // One more, whichever kind of prompt it is: 200,001 x 2.5 + 1,000 x 15.
    ['input_tokens=200001&output_tokens=1000', 200_000, '0.5150025'],
    // 200,000 x 2.5 + 1 x 0.25 + 1,000 x 15.
    ['input_tokens=200000&cache_read_tokens=1&output_tokens=1000', 200_000, '0.51500025'],
    // The answer does not count: 1,000 x 1.25 + 60,000 x 10.
    ['input_tokens=1000&output_tokens=60000', null, '0.60125'],
  ])('google/gemini-2.5-pro, %s', async (query, size, usd) => {
    const { tier, usd_total } = await total(`id=google/gemini-2.5-pro&${query}`)
    expect([tier, usd_total]).toEqual([size === null ? null : { type: 'context', size }, usd])
  })

  test('of several tiers the highest that is exceeded holds', async () => {
    const of = (tokens: number) => total(`id=aihubmix/qwen3-max&input_tokens=${tokens}`)
    expect([(await of(32_000)).tier, (await of(32_000)).usd_total]).toEqual([null, '0.0144256'])
    expect((await of(128_000)).tier?.size).toBe(32_000)
    // 0.902 x 128,000 / 1,000,000 and 1.3522 x 128,001 / 1,000,000.
    expect((await of(128_000)).usd_total).toBe('0.115456')
    expect(await of(128_001)).toMatchObject({ tier: { size: 128_000 }, usd_total: '0.1730829522' })
  })

  test('audio has its own prices', async () => {
    const { lines, usd_total } = await total(
      'id=alibaba/qwen3-omni-flash&input_tokens=100&input_audio_tokens=2000&output_audio_tokens=1000',
    )
    expect(lines.map(({ kind }) => kind)).toEqual(['input', 'input_audio', 'output_audio'])
    // 100 x 0.43 + 2,000 x 3.81 + 1,000 x 15.11.
    expect(usd_total).toBe('0.022773')
  })

  test('reasoning has its own price, or that of output, which is said', async () => {
    const own = await total('id=alibaba/qwen3-14b&reasoning_tokens=1000')
    expect(own).toMatchObject({ usd_total: '0.0042', assumptions: [] })
    const asOutput = await total('id=openai/gpt-5.4&reasoning_tokens=1000')
    expect(asOutput).toMatchObject({
      lines: [{ kind: 'reasoning', tokens: 1000, usd_per_mtok: 15, usd: '0.015' }],
      assumptions: ['reasoning is billed as output: no price is stated for it'],
    })
  })

  test('what a tier says nothing of has its usual price, or that of what it is billed as', async () => {
    const kept = await total('id=302ai/gpt-5.4&input_tokens=300000&cache_read_tokens=1000')
    // 300,000 x 5 + 1,000 x 0.25.
    expect(kept).toMatchObject({
      tier: { size: 272_000 },
      usd_total: '1.50025',
      assumptions: ['cache_read has its usual price: above 272000 tokens no price is stated for it'],
    })
    const thought = await total(
      'id=openrouter/google/gemini-2.5-pro&input_tokens=300000&reasoning_tokens=1000',
    )
    // 300,000 x 2.5 + 1,000 x 15.
    expect(thought).toMatchObject({
      usd_total: '0.765',
      assumptions: [
        'reasoning is billed as output, as it usually is: above 200000 tokens no price is stated for it',
      ],
    })
  })

  test('more than fits is answered with a warning', async () => {
    const { warnings, usd_total } = await total('id=openai/gpt-5.4&input_tokens=1000000&output_tokens=130000')
    expect(usd_total).toBe('7.925')
    expect(warnings).toEqual([
      'the prompt: 1000000 tokens, more than the input limit of 922000',
      'prompt and answer: 1130000 tokens, more than the context window of 1050000',
      'the answer: 130000 tokens, more than the output limit of 128000',
    ])
  })

  test('no tokens cost nothing', async () => {
    expect(await total('id=openai/gpt-5.4&input_tokens=0')).toMatchObject({
      lines: [],
      usd_per_request: '0',
      usd_total: '0',
    })
  })

  test.each([
    [
      'id=openai/gpt-5.4&input_tokens=1&cache_write_tokens=5',
      /^openai\/gpt-5.4: its price for cache_write is unknown$/,
    ],
    [
      'id=openai/gpt-5.4&cache_write_tokens=5&input_audio_tokens=1&output_audio_tokens=1',
      /its prices for cache_write, input_audio and output_audio are unknown$/,
    ],
  ])('an unknown price is refused: %s', async (query, detail) => {
    const { status, body } = await get(service, query)
    expect([status, body.type]).toEqual([400, 'invalid_error'])
    expect(body.detail).toMatch(detail)
  })

  test('a model without prices is refused, whatever is asked', async () => {
    const id = 'anyapi/anthropic/claude-haiku-4-5'
    const { status, body } = await get(service, `${new URLSearchParams({ id, input_tokens: '0' })}`)
    expect([status, body.detail]).toEqual([400, `${id}: its prices are unknown`])
  })

  test('a model that is not there is 404, with near ids', async () => {
    const { status, body } = await get(service, 'id=openai/gpt-6&input_tokens=1')
    expect([status, body.type]).toEqual([404, 'not_found_error'])
    expect(body.detail).toMatch(/^No model openai\/gpt-6\. Did you mean openai\/gpt-6-/)
  })
})

describe('odd prices', () => {
  let service: TestService
  beforeAll(async () => {
    const cost = { input: 1, output: 2 }
    service = await seededService({
      catalog: {
        acme: {
          models: {
            noise: { cost: { input: 0.049999999999999996, output: 0.1 } },
            free: { cost: { input: 0, output: 0 }, limit: { context: 0, output: 0 } },
            varies: { cost: { input: -1, output: 2 } },
            half: { cost: { output: 2 } },
            bare: { cost: {} },
            legacy: { cost: { ...cost, context_over_200k: { input: 3 } } },
            'legacy-text': { cost: { ...cost, context_over_200k: 'on request' } },
            'legacy-list': { cost: { ...cost, context_over_200k: [3] } },
            other: {
              cost: { ...cost, tiers: [{ input: 9, tier: { type: 'batch', size: 10 } }, { output: 9 }] },
            },
          },
        },
      },
    })
  })
  afterAll(() => service?.close())

  test.each([
    ['noise&input_tokens=3&output_tokens=3', '0.000000449999999999999988'],
    ['noise&input_tokens=1000000000000&requests=1000000000000', '49999999999999996'],
    ['free&input_tokens=1000000&output_tokens=1000000', '0'],
    ['half&output_tokens=1', '0.000002'],
    ['legacy&input_tokens=200000', '0.2'],
    ['legacy&input_tokens=200001', '0.600003'],
    ['legacy-text&input_tokens=200001', '0.200001'],
    ['legacy-list&input_tokens=200001', '0.200001'],
    ['other&input_tokens=100', '0.0001'],
  ])('%s', async (query, usd) => {
    const { status, body } = await get(service, `id=acme/${query}`)
    expect([status, body.usd_total]).toEqual([200, usd])
  })

  test.each(['varies&input_tokens=1', 'half&input_tokens=1', 'bare&input_tokens=0'])(
    '%s is refused',
    async (query) => {
      const { status, body } = await get(service, `id=acme/${query}`)
      expect([status, body.type]).toEqual([400, 'invalid_error'])
    },
  )

  test('what is no tier is none, and holds up no other model', async () => {
    for (const id of ['legacy-text', 'legacy-list']) {
      const { body } = await get(service, `id=acme/${id}&input_tokens=200001`)
      expect([body.tier, body.assumptions]).toEqual([null, []])
    }
    const ranking = await fetch(`${service.baseUrl}/api/v1/inference/estimates?input_tokens=200001`, {
      headers: { authorization: `Bearer ${service.token}` },
    })
    expect(ranking.status).toBe(200)
    expect(await ranking.json()).toMatchObject({ total: 9, priced: 6 })
  })

  test('a limit of 0 is unknown, and tiers of other types are told of', async () => {
    expect((await get(service, 'id=acme/free&input_tokens=5')).body.warnings).toEqual([])
    expect((await get(service, 'id=acme/other&input_tokens=5')).body.warnings).toEqual([
      'a price tier is left out: its type batch is not known',
      'a price tier is left out: its type null is not known',
    ])
  })
})
