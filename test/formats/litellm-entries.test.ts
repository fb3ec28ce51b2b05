import { describe, expect, test } from 'vitest'
import { litellmKey } from '../../src/catalog/litellm-providers.ts'
import { litellmMap } from '../../src/formats/litellm.ts'
import { openCatalogOf } from '../service.ts'

type Entry = Record<string, unknown>

describe('an entry', () => {
  test('of a model with all there is', async () => {
    const entry = await entryOf({
      tool_call: true,
      reasoning: false,
      structured_output: true,
      modalities: { input: ['text', 'image', 'pdf', 'audio'], output: ['text', 'audio'] },
      limit: { context: 200_000, input: 150_000, output: 64_000 },
      cost: {
        ...{ input: 3, output: 15, cache_read: 0.3, cache_write: 3.75, reasoning: 20, input_audio: 5 },
        ...{ output_audio: 0.049999999999999996 },
      },
    })
    expect(entry).toEqual({
      litellm_provider: 'gemini',
      mode: 'chat',
      max_tokens: 64_000,
      max_input_tokens: 150_000,
      max_output_tokens: 64_000,
      input_cost_per_token: 3e-6,
      output_cost_per_token: 1.5e-5,
      cache_read_input_token_cost: 3e-7,
      cache_creation_input_token_cost: 3.75e-6,
      output_cost_per_reasoning_token: 2e-5,
      input_cost_per_audio_token: 5e-6,
      output_cost_per_audio_token: 5e-8,
      supports_function_calling: true,
      supports_reasoning: false,
      supports_response_schema: true,
      supports_vision: true,
      supports_pdf_input: true,
      supports_audio_input: true,
      supports_video_input: false,
      supports_audio_output: true,
      supports_prompt_caching: true,
      supported_modalities: ['text', 'image', 'pdf', 'audio'],
      supported_output_modalities: ['text', 'audio'],
      source: 'https://example.com/models',
    })
  })

  test('of a model of which nothing is known says nothing of it', async () => {
    expect(await entryOf({})).toEqual({
      litellm_provider: 'gemini',
      mode: 'chat',
      source: 'https://example.com/models',
    })
  })

  test('keeps a price of 0, and leaves out one below it', async () => {
    const entry = await entryOf({ cost: { input: 0, output: -1 } })
    expect(entry).toMatchObject({ input_cost_per_token: 0 })
    expect(entry).not.toHaveProperty('output_cost_per_token')
  })

  test('has no price where the tokens of a model billed otherwise are free', async () => {
    const free = { input: 0, output: 0 }
    const { image, speech, paid, chat } = await entriesOf({
      image: { cost: free, modalities: { input: ['text'], output: ['image'] } },
      speech: { cost: free, modalities: { input: ['audio'], output: ['text'] } },
      paid: { cost: { input: 0, output: 9 }, modalities: { input: ['text'], output: ['image'] } },
      chat: { cost: free, modalities: { input: ['text'], output: ['text'] } },
    })
    expect(image).not.toHaveProperty('input_cost_per_token')
    expect(speech).not.toHaveProperty('output_cost_per_token')
    expect(paid).toMatchObject({ input_cost_per_token: 0, output_cost_per_token: 9e-6 })
    expect(chat).toMatchObject({ input_cost_per_token: 0, output_cost_per_token: 0 })
  })

  test('says a price per token to the digit, without binary noise', async () => {
    const prices = {
      '1e-12': 0.000001,
      '2.8e-9': 0.0028,
      '3e-7': 0.30000000000000004,
      '0.0000029': 2.9000000000000004,
      '1.25e-8': 0.012499999999999997,
      '0.0006': 600,
      '3.333333333333333e-7': 1 / 3,
    }
    const costs = Object.entries(prices).map(([written, input]) => [written, { cost: { input } }])
    const document = await textOf({ google: providerOf('google', Object.fromEntries(costs)) })
    for (const written of Object.keys(prices)) {
      expect(document).toMatch(
        `"gemini/${written}":{"litellm_provider":"gemini","mode":"chat","input_cost_per_token":${written},`,
      )
    }
  })
})

describe('prices for long requests', () => {
  const cost = { input: 1, output: 2, cache_read: 0.1 }
  const tier = (size: number) => ({ input: 2, output: 3, cache_read: 0.2, tier: { type: 'context', size } })

  test('above a threshold LiteLLM knows are keys of their own', async () => {
    const thousands = [128, 200, 256, 272, 512]
    const entries = await entriesOf(
      Object.fromEntries(
        thousands.map((size) => [`from-${size}`, { cost: { ...cost, tiers: [tier(size * 1_000)] } }]),
      ),
    )
    for (const size of thousands) {
      const entry = entries[`from-${size}`]
      expect(entry).toMatchObject({
        input_cost_per_token: 1e-6,
        [`input_cost_per_token_above_${size}k_tokens`]: 2e-6,
        [`output_cost_per_token_above_${size}k_tokens`]: 3e-6,
        [`cache_read_input_token_cost_above_${size}k_tokens`]: 2e-7,
      })
      expect(entry).not.toHaveProperty('tiered_pricing')
    }
  })

  test('that begin one token later are the same', async () => {
    const tiers = [{ input: 2, output: 3, tier: { type: 'context', size: 200_001 } }]
    expect(await entryOf({ cost: { ...cost, tiers } })).toMatchObject({
      input_cost_per_token_above_200k_tokens: 2e-6,
    })
  })

  test('of a catalog older than tiers are those above 200k', async () => {
    const entry = await entryOf({ cost: { ...cost, context_over_200k: { input: 2, output: 3 } } })
    expect(entry).toMatchObject({ output_cost_per_token_above_200k_tokens: 3e-6 })
  })

  test('at several thresholds are a table, whatever order they come in', async () => {
    const tiers = [
      { input: 4, output: 8, reasoning: 9, tier: { type: 'context', size: 128_000 } },
      { input: 2, output: 3, tier: { type: 'context', size: 32_000 } },
    ]
    const entry = await entryOf({ limit: { context: 1_000_000 }, cost: { ...cost, tiers } })
    expect(entry.input_cost_per_token).toBe(1e-6)
    expect(entry.tiered_pricing).toEqual([
      {
        range: [0, 32_000],
        input_cost_per_token: 1e-6,
        output_cost_per_token: 2e-6,
        cache_read_input_token_cost: 1e-7,
      },
      { range: [32_000, 128_000], input_cost_per_token: 2e-6, output_cost_per_token: 3e-6 },
      {
        range: [128_000, 1_000_000],
        input_cost_per_token: 4e-6,
        output_cost_per_token: 8e-6,
        output_cost_per_reasoning_token: 9e-6,
      },
    ])
  })

  test('at a threshold LiteLLM has no key for are a table, too', async () => {
    const tiers = [{ input: 2, output: 3, tier: { type: 'context', size: 262_144 } }]
    const { tiered_pricing } = await entryOf({ cost: { ...cost, tiers } })
    expect(tiered_pricing).toMatchObject([{ range: [0, 262_144] }, { range: [262_144, 262_145] }])
  })

  test('by something else than the input are left out', async () => {
    const tiers = [{ input: 2, output: 3, tier: { type: 'output', size: 200_000 } }]
    expect(Object.keys(await entryOf({ cost: { ...cost, tiers } })).filter(isTier)).toEqual([])
  })
})

test('of two models with one key the one of the earlier row is there', async () => {
  const catalog = {
    'alibaba-cn': providerOf('alibaba-cn', { 'qwen-max': { cost: { input: 1, output: 2 } } }),
    alibaba: providerOf('alibaba', { 'qwen-max': { cost: { input: 3, output: 4 } } }),
  }
  const { 'dashscope/qwen-max': entry } = await mapOf(catalog)
  expect(entry).toMatchObject({ input_cost_per_token: 3e-6 })
})

test('a mode is what goes in and comes out, and what the id says', async () => {
  const cases: [provider: string, modelId: string, model: object, mode: string][] = [
    ['google', 'gemini-embedding-9', {}, 'embedding'],
    ['nvidia', 'baai/bge-m3', {}, 'embedding'],
    ['vercel', 'cohere/rerank-v4', {}, 'rerank'],
    ['openai', 'gpt-realtime-9', {}, 'realtime'],
    ['google', 'veo-9', { modalities: { input: ['text'], output: ['video'] } }, 'video_generation'],
    ['google', 'gemini-9', { modalities: { input: ['text'], output: ['text', 'image'] } }, 'chat'],
    ['mistral', 'voxtral-tts', { modalities: { input: ['text'], output: ['audio'] } }, 'audio_speech'],
    ['groq', 'whisper-9', { modalities: { input: ['audio'], output: ['text'] } }, 'audio_transcription'],
    ['openai', 'gpt-9-pro', {}, 'responses'],
    ['azure', 'gpt-9-codex', {}, 'responses'],
    ['openrouter', 'openai/gpt-9-codex', {}, 'chat'],
    ['amazon-bedrock', 'openai.gpt-9', {}, 'responses'],
    ['perplexity-agent', 'openai/gpt-9', {}, 'responses'],
    ['deepseek', 'deepseek-v9-pro', {}, 'chat'],
  ]
  const providers = Map.groupBy(cases, ([provider]) => provider)
  const map = await mapOf(
    Object.fromEntries(
      [...providers].map(([provider, all]) => [
        provider,
        providerOf(provider, Object.fromEntries(all.map(([, modelId, model]) => [modelId, model]))),
      ]),
    ),
  )
  for (const [provider, modelId, , mode] of cases) {
    const key = litellmKey(provider, modelId) ?? ''
    expect([key, map[key]?.mode]).toEqual([key, mode])
  }
})

async function mapOf(catalog: object): Promise<Record<string, Entry>> {
  return JSON.parse(await textOf(catalog))
}

async function textOf(catalog: object): Promise<string> {
  const { db, close } = await openCatalogOf(catalog)
  try {
    return litellmMap(db)
  } finally {
    close()
  }
}

/** Google's models of these ids. */
async function entriesOf(models: Record<string, object>): Promise<Record<string, Entry>> {
  const map = await mapOf({ google: providerOf('google', models) })
  return Object.fromEntries(Object.entries(map).map(([key, entry]) => [key.replace('gemini/', ''), entry]))
}

async function entryOf(model: object): Promise<Entry> {
  const { 'gemini-9': entry = {} } = await entriesOf({ 'gemini-9': model })
  return entry
}

function providerOf(id: string, models: Record<string, object>): object {
  return { id, name: id, doc: 'https://example.com/models', models }
}

function isTier(name: string): boolean {
  return name.includes('_above_') || name === 'tiered_pricing'
}
