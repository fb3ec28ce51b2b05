import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { furtherDetailSchema } from '../../src/formats/full-detail.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { upstream } from '../overlay/files.ts'
import { seededService, type TestService } from '../service.ts'

type Json = Record<string, unknown>
const seed: Record<string, { models: Record<string, Json> }> = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'seed', 'catalog.json'), 'utf8'),
)
const ids = Object.entries(seed).flatMap(([provider, { models }]) =>
  Object.keys(models).map((id) => [provider, id] as const),
)
const ENTRY_KEYS = [
  ...['id', 'provider', 'name', 'capabilities', 'cost', 'limits', 'modalities', 'knowledge'],
  ...['open_weights', 'release_date', 'status'],
]
const FURTHER_KEYS = Object.keys(furtherDetailSchema.shape)

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_RATE_LIMIT: '0' } })
})
afterAll(() => service?.close())

async function ask(path: string, { baseUrl, token } = service): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${baseUrl}/api/v1/inference/${path}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return { status: response.status, body: (await response.json()) as Json }
}

/** Limits and prices of a kind that upstream does not state are null, where it states any. */
function filled(amounts: unknown, kinds: readonly string[]): Json | null {
  const known = Object.entries((amounts ?? {}) as Json).filter(([, amount]) => typeof amount === 'number')
  if (known.length === 0) return null
  return { ...Object.fromEntries(kinds.map((kind) => [kind, null])), ...Object.fromEntries(known) }
}

const LIMITS = ['context', 'input', 'output']
const PRICES = [
  ...['input', 'output', 'cache_read', 'cache_write', 'reasoning', 'input_audio', 'output_audio'],
]

test('every model of the seed comes with all of it, as upstream sent it', { timeout: 120_000 }, async () => {
  expect(ids).toHaveLength(8337)
  const keys = JSON.stringify([...ENTRY_KEYS, ...FURTHER_KEYS])
  const wrong: string[] = []
  const check = async ([provider, modelId]: (typeof ids)[number]) => {
    const sent = seed[provider]?.models[modelId] ?? {}
    const cost = sent.cost as { tiers?: (Json & { tier: Json })[] } | undefined
    const { status, body } = await ask(`models/${provider}/${encodeURIComponent(modelId)}`)
    const expected = {
      description: null,
      family: sent.family ?? null,
      canonical_model_id: sent.canonical_model_id ?? null,
      last_updated: sent.last_updated,
      deprecated: sent.status === 'deprecated',
      prices: filled(cost, PRICES),
      tiers: (cost?.tiers ?? []).map(({ tier, ...prices }) => ({ ...tier, prices: filled(prices, PRICES) })),
      token_limits: filled(sent.limit, LIMITS),
      reasoning_options: sent.reasoning_options ?? null,
      interleaved: sent.interleaved ?? null,
      experimental: sent.experimental ?? null,
      provider_overrides: sent.provider ?? null,
      overlay: null,
      upstream: sent,
    }
    const shown = Object.fromEntries(Object.keys(expected).map((key) => [key, body[key]]))
    const isRight = sorted(shown) === sorted(expected) && furtherDetailSchema.safeParse(body).success
    if (status !== 200 || JSON.stringify(Object.keys(body)) !== keys || !isRight)
      wrong.push(`${provider}/${modelId}`)
  }
  for (let at = 0; at < ids.length; at += 16) await Promise.all(ids.slice(at, at + 16).map(check))
  expect(wrong).toEqual([])
})

/** As text that does not depend on the order of members. */
function sorted(value: unknown): string {
  const isObject = (part: unknown): part is Json =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
  return JSON.stringify(value, (_, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  )
}

test('it begins with the entry of the catalog', async () => {
  const [entry, detail] = await Promise.all([ask('catalog/openai/gpt-4o'), ask('models/openai/gpt-4o')])
  const first = Object.fromEntries(ENTRY_KEYS.map((key) => [key, detail.body[key]]))
  expect(JSON.stringify(first)).toBe(JSON.stringify(entry.body))
})

describe('who offers it', () => {
  test.each([
    ['openai/gpt-6-luna', { lab: 'openai', party: 'maker', featured: true, deprecated: false }],
    ['azure/gpt-5', { lab: 'openai', party: 'host', featured: false, deprecated: false }],
    ['302ai/gpt-5', { lab: 'openai', party: 'other', featured: false, deprecated: false }],
  ])('%s', async (id, standing) => {
    expect((await ask(`models/${id}`)).body).toMatchObject(standing)
  })
})

describe('what LiteLLM calls it', () => {
  test.each([
    ['google/gemini-2.5-pro', 'gemini/gemini-2.5-pro'],
    ['openai/gpt-4o', 'openai/gpt-4o'],
    ['302ai/gpt-5', null],
  ])('%s: %s', async (id, called) => {
    expect((await ask(`models/${id}`)).body).toMatchObject({ litellm_model: called })
  })
})

describe('a path is read as that of the catalog', () => {
  test.each([
    ['models/openrouter/anthropic/claude-sonnet-4.5', 200],
    ['models/openrouter/anthropic%2Fclaude-sonnet-4.5', 200],
    ['models/openrouter%2Fanthropic%2Fclaude-sonnet-4.5', 200],
    ['models/openai/GPT-4o', 404],
    ['models/openai', 404],
    ['models/openai/', 404],
    ['models//gpt-4o', 404],
    ['models/openai/gpt-4o%', 400],
    ['models/openai/gpt-4o?x=1', 422],
    ['models/openai/none?x=1', 422],
  ])('%s is %i', async (path, status) => {
    expect((await ask(path)).status).toBe(status)
  })

  test('and what is missing offers the same near ids', async () => {
    const [entry, detail] = await Promise.all([ask('catalog/openai/gpt-6'), ask('models/openai/gpt-6')])
    expect(detail.body).toEqual(entry.body)
    expect(detail.body.detail).toMatch(/Did you mean openai\/gpt-6/)
  })
})

test('an answer can be kept and confirmed', async () => {
  const url = `${service.baseUrl}/api/v1/inference/models/openai/gpt-4o`
  const headers = { authorization: `Bearer ${service.token}` }
  const first = await fetch(url, { headers })
  const etag = first.headers.get('etag') ?? ''
  const again = await fetch(url, { headers: { ...headers, 'if-none-match': etag } })
  expect([again.status, await again.text()]).toEqual([304, ''])
  expect(again.headers.get('x-dataset-version')).toBe(first.headers.get('x-dataset-version'))
})

describe('older shapes', () => {
  let small: TestService
  beforeAll(async () => {
    small = await seededService({
      catalog: {
        acme: {
          models: {
            old: { cost: { input: 1, output: 2, context_over_200k: { input: 2, output: 3 } } },
            bare: { description: 'Says little.', cost: {}, limit: { context: 0, page: 7 } },
            none: {},
            odd: { cost: { per_image: 0.04, context_over_200k: 5 }, interleaved: true, limit: {} },
          },
        },
      },
    })
  })
  afterAll(() => small.close())

  test('one tier above 200,000 is told as a tier', async () => {
    const { body } = await ask('models/acme/old', small)
    expect(body.tiers).toMatchObject([
      { type: 'context', size: 200_000, prices: { input: 2, output: 3, cache_read: null } },
    ])
  })

  test.each([
    [
      'bare',
      {
        description: 'Says little.',
        prices: null,
        tiers: [],
        token_limits: { context: 0, page: 7, input: null },
      },
    ],
    ['none', { prices: null, tiers: [], token_limits: null, reasoning_options: null, interleaved: null }],
    ['odd', { prices: { per_image: 0.04, input: null }, tiers: [], interleaved: true, token_limits: null }],
  ])('%s', async (id, detail) => {
    const { status, body } = await ask(`models/acme/${id}`, small)
    expect(status).toBe(200)
    expect(body).toMatchObject(detail)
    expect(furtherDetailSchema.safeParse(body).error).toBeUndefined()
  })
})

describe('under an overlay', () => {
  let ours: TestService
  beforeAll(async () => {
    ours = await seededService({ catalog: upstream() })
    const [overlay, source] = [join(ours.dir, 'overlay.json'), join(ours.dir, 'catalog.db.json')]
    const content = {
      override: { acme: { models: { 'm-1': { cost: { input: 1.6, cache_read: null }, family: 'm' } } } },
      add: { acme: { models: { 'house-1': { name: 'House One', cost: { input: 0 } } } } },
    }
    writeFileSync(overlay, JSON.stringify(content))
    await ingest({ db: ours.db, from: source, overlay })
  })
  afterAll(() => ours.close())

  test('every field that it decides is told with what upstream sent', async () => {
    const { body } = await ask('models/acme/m-1', ours)
    expect(body).toMatchObject({ family: 'm', prices: { input: 1.6, output: 15, cache_read: null } })
    expect(body.overlay).toEqual({
      'cost.cache_read': { overlay: null, upstream: 0.3 },
      'cost.input': { overlay: 1.6, upstream: 3 },
      family: { overlay: 'm', upstream: null },
    })
    expect(body.upstream).toEqual(upstream().acme?.models['m-1'])
  })

  test('what it adds has no upstream', async () => {
    const { body } = await ask('models/acme/house-1', ours)
    expect(body.overlay).toMatchObject({ 'cost.input': { overlay: 0, upstream: null } })
    expect(body.upstream).toBeNull()
  })

  test('what it leaves alone is upstream’s', async () => {
    const { body } = await ask('models/acme/m-2', ours)
    expect([body.overlay, body.upstream]).toEqual([null, upstream().acme?.models['m-2']])
  })
})
