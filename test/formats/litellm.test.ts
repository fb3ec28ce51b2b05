import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LITELLM_PROVIDERS, litellmKey } from '../../src/catalog/litellm-providers.ts'
import { litellmMap } from '../../src/formats/litellm.ts'
import { readModels } from '../../src/ingest/read-back.ts'
import pairs from '../fixtures/litellm-pairs.json' with { type: 'json' }
import theirs from '../fixtures/litellm-prices-2026-08-01.json' with { type: 'json' }
import { openSeededCopy } from '../service.ts'

type Entry = Record<string, unknown>

const PRICES = {
  input: 'input_cost_per_token',
  output: 'output_cost_per_token',
  cache_read: 'cache_read_input_token_cost',
  cache_write: 'cache_creation_input_token_cost',
  reasoning: 'output_cost_per_reasoning_token',
  input_audio: 'input_cost_per_audio_token',
  output_audio: 'output_cost_per_audio_token',
}

let seed: Awaited<ReturnType<typeof openSeededCopy>>
let models: ReturnType<typeof readModels>
let text: string
let map: Record<string, Entry>

beforeAll(async () => {
  seed = await openSeededCopy()
  models = readModels(seed.db)
  text = litellmMap(seed.db)
  map = JSON.parse(text)
})

afterAll(() => seed.close())

describe('the map of the seed', () => {
  test('is one LiteLLM accepts: 50 entries, and half as many as it ships', () => {
    const entries = Object.keys(map).length
    expect(entries).toBeGreaterThanOrEqual(50)
    expect(entries).toBeGreaterThanOrEqual(Object.keys(theirs).length / 2)
  })

  test('has all models of the providers LiteLLM knows, by their keys', () => {
    const keys = models.flatMap(({ provider, modelId }) => litellmKey(provider, modelId) ?? [])
    expect(Object.keys(map).sort()).toEqual([...new Set(keys)].sort())
    expect(Object.values(pairs).filter((key) => map[key] === undefined)).toEqual([])
  })

  test('has a model of every row of the table', () => {
    const providers = new Set(Object.values(map).map((entry) => entry.litellm_provider))
    expect(new Set(LITELLM_PROVIDERS.map(({ litellm }) => litellm))).toEqual(providers)
  })

  test("has the modes of LiteLLM's own map, but for those listed", () => {
    const other = Object.entries(theirs as Record<string, Entry>).flatMap(([key, { mode }]) =>
      map[key] === undefined || map[key].mode === mode ? [] : [`${key}: ${map[key].mode}, not ${mode}`],
    )
    expect(other).toEqual([
      'gemini/gemini-2.5-pro-preview-tts: audio_speech, not chat',
      'gemini/gemini-3.1-flash-live-preview: realtime, not chat',
      'gemini/gemini-omni-flash-preview: video_generation, not chat',
      'vercel_ai_gateway/amazon/titan-embed-text-v2: embedding, not chat',
      'vercel_ai_gateway/cohere/embed-v4.0: embedding, not chat',
      'vercel_ai_gateway/mistral/codestral-embed: embedding, not chat',
      'vercel_ai_gateway/mistral/mistral-embed: embedding, not chat',
    ])
  })

  test('says every price as the exact decimal of a millionth, without binary noise', () => {
    const written = pricesAsWritten(text)
    let compared = 0
    for (const { provider, modelId, model } of models) {
      const key = litellmKey(provider, modelId)
      // Two models may share a key; one model is all that is sure to be there.
      if (key === undefined || isShared(provider, key)) continue
      const prices = written.get(key)
      for (const [kind, name] of Object.entries(PRICES)) {
        const usd = (model.cost as Entry | undefined)?.[kind]
        const perToken = prices?.get(name)
        if (perToken === undefined) {
          if (typeof usd === 'number') expect([key, usd]).toEqual([key, 0])
          continue
        }
        expect([key, name, millionfold(perToken)]).toEqual([key, name, decimal(withoutNoise(Number(usd)))])
        compared++
      }
    }
    expect(compared).toBeGreaterThan(8_000)
  })

  test('never has a price that upstream does not know', () => {
    const unknown = models.filter(({ model }) => !model.cost)
    const entries = unknown.flatMap(({ provider, modelId }) => {
      const key = litellmKey(provider, modelId)
      const entry = key === undefined || isShared(provider, key) ? undefined : map[key]
      return entry === undefined ? [] : [entry]
    })
    expect(entries.length).toBeGreaterThan(50)
    for (const entry of entries)
      expect(Object.keys(entry).filter((name) => name.includes('cost'))).toEqual([])
  })

  test('is one entry a line, in the order of the keys', () => {
    const keys = text.split('\n').slice(1, -2).map(keyOf)
    expect(keys).toHaveLength(Object.keys(map).length)
    expect(keys).toEqual(keys.toSorted())
  })
})

/** Whether another provider's model has the key, too. */
function isShared(provider: string, key: string): boolean {
  owners ??= Map.groupBy(models, (model) => litellmKey(model.provider, model.modelId))
  return (owners.get(key) ?? []).some((owner) => owner.provider !== provider)
}
let owners: Map<string | undefined, typeof models> | undefined

/** The prices of each entry outside of tables, as they are written. */
function pricesAsWritten(document: string): Map<string, Map<string, string>> {
  const lines = document.split('\n').slice(1, -2)
  return new Map(
    lines.map((line) => {
      const flat = line.replace(/"tiered_pricing":\[.*?\}\]/, '')
      const prices = [...flat.matchAll(/"(\w+)":([\d.e-]+)/g)].map(([, name = '', number = '']) => [
        name,
        number,
      ])
      return [keyOf(line), new Map(prices as [string, string][])]
    }),
  )
}

function keyOf(line: string): string {
  return JSON.parse(line.slice(0, line.indexOf('":{') + 1))
}

/** A number's 14 significant digits, where 12 of them are enough. */
function withoutNoise(value: number): string {
  const short = String(Number(value.toPrecision(14)))
  return short.replace(/^[0.]+|e.*$|\./g, '').replace(/0+$/, '').length <= 12 ? short : String(value)
}

/** Decimal text → a whole number of 10^-30. */
function decimal(number: string, shift = 30): bigint {
  const [, whole = '', fraction = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e(.+))?$/.exec(number) ?? []
  return BigInt(whole + fraction) * 10n ** BigInt(shift - fraction.length + Number(exponent))
}

function millionfold(number: string): bigint {
  return decimal(number, 36)
}
