import { expect, test } from 'vitest'
import {
  fromLitellmKey,
  LITELLM_PROVIDERS,
  litellmKey,
  litellmProvider,
} from '../../src/catalog/litellm-providers.ts'
import litellmKeys from '../fixtures/litellm-keys.json' with { type: 'json' }
import pairs from '../fixtures/litellm-pairs.json' with { type: 'json' }
import { readEntries } from '../seed/read-seed.ts'

test('the 830 models that both catalogs know get the key LiteLLM knows them by', () => {
  const found = Object.keys(pairs).map((id) => [id, litellmKey(...split(id))])
  expect(found).toHaveLength(830)
  expect(Object.fromEntries(found)).toEqual(pairs)
})

test('all 45 providers of those models have a row', () => {
  const providers = new Set(Object.keys(pairs).map((id) => split(id)[0]))
  expect(providers.size).toBe(45)
  const known = new Set(LITELLM_PROVIDERS.map(({ provider }) => provider))
  expect([...providers].filter((provider) => !known.has(provider))).toEqual([])
})

test('every row has a model in the seed', () => {
  const used = new Set(readEntries().map(({ provider, modelId }) => litellmProvider(provider, modelId)))
  const unused = LITELLM_PROVIDERS.filter((row) => !used.has(row))
  expect(unused.map(({ provider, litellm }) => `${provider} ${litellm}`)).toEqual([])
})

test('a key leads back to the models that have it', () => {
  for (const { provider, modelId } of readEntries()) {
    const key = litellmKey(provider, modelId)
    if (key !== undefined) expect(fromLitellmKey(key)).toContainEqual({ provider, modelId })
  }
})

test('a model without a prefix is found as calls spell it, too', () => {
  expect(fromLitellmKey('openai/gpt-4o')).toContainEqual({ provider: 'openai', modelId: 'gpt-4o' })
  const bedrock = { provider: 'amazon-bedrock', modelId: 'anthropic.claude-opus-4-5-20251101-v1:0' }
  expect(fromLitellmKey(`bedrock/${bedrock.modelId}`)).toEqual([bedrock])
  expect(fromLitellmKey('vertex_ai/gemini-2.5-pro')).toContainEqual({
    provider: 'google-vertex',
    modelId: 'gemini-2.5-pro',
  })
})

test('what LiteLLM does not know has no key, and no model', () => {
  expect(litellmKey('302ai', 'gpt-4o')).toBeUndefined()
  expect(litellmKey('toString', 'gpt-4o')).toBeUndefined()
  expect(fromLitellmKey('gemini/')).toEqual([])
  expect(fromLitellmKey('no-such-provider/gpt-4o')).toEqual([])
})

test("LiteLLM's map uses the prefixes of the table, but for providers it has no price of", () => {
  const keys = new Set(litellmKeys.map((key) => `${key.split('/')[0]}/`))
  const withoutPrices = LITELLM_PROVIDERS.filter(({ prefix, bare }) => !bare && !keys.has(prefix))
  expect(withoutPrices.map(({ litellm }) => litellm)).toEqual([
    'abliteration',
    'aihubmix',
    'chutes',
    'helicone',
    'huggingface',
    'lm_studio',
    'nano-gpt',
    'poe',
    'sap',
    'synthetic',
    'veniceai',
    'xiaomi_mimo',
  ])
})

function split(id: string): [provider: string, modelId: string] {
  const slash = id.indexOf('/')
  return [id.slice(0, slash), id.slice(slash + 1)]
}
