import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { offersSchema } from '../../src/catalog/offers.ts'
import { seededService, type TestService } from '../service.ts'
import { expectEnvelope, get, serviceForTest } from './wire.ts'

const OFFERS = '/api/v1/inference/offers'

async function offersOf(service: TestService, path: string) {
  const answer = await get(service, `${OFFERS}/${path}`)
  expect(answer.status).toBe(200)
  return offersSchema.strict().parse(await answer.json())
}

describe('the offers of a model of the seed', () => {
  let service: TestService
  beforeAll(async () => {
    service = await seededService()
  })
  afterAll(() => service.close())

  it('are every entry that upstream says to be of it, and those that are spelt so', async () => {
    const { model, offers, total } = await offersOf(service, 'openai/gpt-oss-120b')
    expect([model, total, offers.length]).toEqual(['openai/gpt-oss-120b', 88, 88])
    const ids = new Map(offers.map(({ entry, ...offer }) => [entry.id, offer]))
    expect(ids.get('groq/openai/gpt-oss-120b')).toMatchObject({
      matched_by: 'canonical_model_id',
      is_certain: true,
    })
    expect(ids.get('ollama-cloud/gpt-oss:120b')).toMatchObject({
      matched_by: 'same_model_id',
      is_certain: false,
    })
    expect(ids.get('digitalocean/openai-gpt-oss-120b')).toMatchObject({ matched_by: 'name_in_front' })
  })

  it('stand by price, exact, the unknown ones last, ties by id', async () => {
    const { offers } = await offersOf(service, 'openai/gpt-oss-120b')
    const prices = offers.map(({ price }) => (price === null ? Number.POSITIVE_INFINITY : Number(price)))
    expect(prices).toEqual(prices.toSorted((a, b) => a - b))
    for (const { price, is_free, entry } of offers) {
      const { input, output } = entry.cost ?? { input: null, output: null }
      expect(is_free, entry.id).toBe(input === 0 && output === 0)
      expect(price === null, entry.id).toBe(input === null || output === null)
    }
    const cheap = offers.filter(({ price }) => price === '0.2').map(({ entry }) => entry.id)
    expect(cheap.length).toBeGreaterThan(2)
    expect(cheap).toEqual(cheap.toSorted())
  })

  it('hold the entries as the catalog has them', async () => {
    const { offers } = await offersOf(service, 'zhipuai/glm-image')
    for (const { entry } of offers) {
      const one = await get(service, `/api/v1/inference/catalog/${entry.id}`)
      expect(JSON.stringify(entry)).toBe(await one.text())
    }
  })

  it.each([
    ['OpenAI/GPT-4o', 'openai/gpt-4o'],
    ['openai%2Fgpt-4o', 'openai/gpt-4o'],
    ['minimax/minimax-m3', 'minimax/MiniMax-M3'],
    ['openrouter/openai/gpt-4o', 'openai/gpt-4o'],
    ['digitalocean/openai-gpt-4o', 'openai/gpt-4o'],
    ['nano-gpt/anthropic/claude-sonnet-4:thinking', 'anthropic/claude-sonnet-4'],
  ])('are asked for by the name of the model or by the id of an offer: %s', async (path, model) => {
    const found = await offersOf(service, path)
    expect(found.model).toBe(model)
    const same = await offersOf(service, model)
    expect(found).toEqual(same)
  })

  it('are of a model named after an entry where upstream names none', async () => {
    const { model, offers } = await offersOf(service, 'anthropic/claude-sonnet-4')
    expect(model).toBe('anthropic/claude-sonnet-4')
    expect(offers.filter(({ is_certain }) => is_certain)).toMatchObject([{ matched_by: 'own_id' }])
    expect(new Set(offers.map(({ matched_by }) => matched_by))).toContain('tag')
  })

  it('lead to nothing but a suggestion where the name is not quite it', async () => {
    for (const [path, detail] of [
      ['openai/gpt4o', 'No model openai/gpt4o. Did you mean openai/gpt-4o?'],
      ['mistral/gpt-4o', 'No model mistral/gpt-4o. Did you mean openai/gpt-4o?'],
      ['x/y', 'No model x/y.'],
      ['a/%25%27%22%00;--', 'No model a/%\'"\0;--.'],
      [`a/${'b'.repeat(5_000)}`, `No model a/${'b'.repeat(5_000)}.`],
      ['a/..%2f..', 'No model a/../...'],
    ] as const) {
      const answer = await get(service, `${OFFERS}/${path}`)
      const body = expectEnvelope(answer, await answer.text(), 404, 'not_found_error')
      expect(body.detail).toBe(detail)
    }
  })

  it.each([
    ['/openai', 404],
    ['/openai/', 404],
    ['/', 404],
    ['/a/%ff', 400],
    ['/openai/gpt-4o?limit=1', 422],
  ])('refuse %s with %i', async (path, status) => {
    expect((await get(service, OFFERS + path)).status).toBe(status)
  })

  it('tell an entry once, and every entry', async () => {
    const { offers } = await offersOf(service, 'zhipuai/glm-5.2')
    const ids = offers.map(({ entry }) => entry.id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('the offers of a made-up catalog', () => {
  const model = (fields: object = {}) => ({ name: 'A', limit: { context: 1, output: 1 }, ...fields })
  const provider = (id: string, models: Record<string, object>) => ({
    id,
    name: id,
    env: [],
    npm: 'x',
    models,
  })
  const catalog = {
    lab: provider('lab', {
      'wing-1': model({ canonical_model_id: 'lab/wing-1', cost: { input: 0.1, output: 0.2 } }),
      auto: model(),
    }),
    one: provider('one', {
      auto: model(),
      'lab/wing-1:free': model({ cost: { input: 0, output: 0 } }),
      'hut-7': model({ cost: { input: 1 } }),
      'shared-2': model(),
    }),
    two: provider('two', {
      'hut_7-FP8': model({ cost: { input: 2, output: 0 } }),
      'a/shared-2': model({ canonical_model_id: 'a/shared-2' }),
      'b/shared-2': model({ canonical_model_id: 'b/shared-2' }),
      '???': model(),
      plain: model({ canonical_model_id: 'no-lab' }),
    }),
  }
  const short = async (service: TestService, path: string) =>
    (await offersOf(service, path)).offers.map(({ matched_by, price, is_free, entry }) =>
      [matched_by, price, is_free ? 'free' : '', entry.id].join(' '),
    )

  it('are told by the rules', async () => {
    const service = await serviceForTest({ catalog })
    // 0.1 and 0.2 are 0.3 and not 0.30000000000000004.
    expect(await short(service, 'lab/wing-1')).toEqual([
      'tag 0 free one/lab/wing-1:free',
      'canonical_model_id 0.3  lab/wing-1',
    ])
    expect(await short(service, 'one/hut-7')).toEqual(['precision 2  two/hut_7-FP8', 'own_id   one/hut-7'])
    // A name without a digit says nothing beyond its lab.
    expect(await short(service, 'one/auto')).toEqual(['own_id   one/auto'])
    // Two models are called so, and nothing tells which of them it is.
    expect(await short(service, 'one/shared-2')).toEqual(['own_id   one/shared-2'])
    expect(await short(service, 'a/shared-2')).toEqual(['canonical_model_id   two/a/shared-2'])
    expect(await short(service, 'two/%3F%3F%3F')).toEqual(['own_id   two/???'])
    expect(await short(service, 'two/plain')).toEqual(['own_id   two/plain'])
  })
})
