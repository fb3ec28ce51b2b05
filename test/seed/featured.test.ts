import { describe, expect, test } from 'vitest'
import { type Entry, readEntries, readFeatured, readLitellmKeys, readParties } from './read-seed.ts'
import { isLiveChat, sameModelAs, siblingsOf, sizesOf } from './siblings.ts'

const LISTS_END = '2026-08-01'
// Where LiteLLM puts a provider's models: this, then the model ID.
const PREFIX: Record<string, string> = {
  alibaba: 'dashscope/',
  'amazon-bedrock': '',
  anthropic: '',
  'cloudflare-workers-ai': 'cloudflare/',
  cohere: '',
  google: 'gemini/',
  moonshotai: 'moonshot/',
  nvidia: 'nvidia_nim/',
  openai: '',
  'tencent-tokenhub': 'tencent/',
  xiaomi: 'xiaomi_mimo/',
}

const entries = readEntries()
const byId = new Map(entries.map((entry) => [entry.id, entry]))
const keys = readLitellmKeys()
const { makes, hosts } = readParties()
const models = readFeatured().models.map((item) => ({ ...item, entry: find(item.id) }))

function find(id: string): Entry {
  const entry = byId.get(id)
  if (entry === undefined) throw new Error(`${id} is not in the seed`)
  return entry
}

function isMakersOwn({ provider, lab }: Entry): boolean {
  return makes[provider]?.includes(lab) ?? false
}

describe('the featured set', () => {
  test('holds 40 to 60 models, each once, of at least 10 labs', () => {
    expect(models.length).toBeGreaterThanOrEqual(40)
    expect(models.length).toBeLessThanOrEqual(60)
    expect(new Set(models.map(({ id }) => id)).size).toBe(models.length)
    expect(new Set(models.map(({ litellm }) => litellm)).size).toBe(models.length)
    expect(new Set(models.map(({ entry }) => entry.lab)).size).toBeGreaterThanOrEqual(10)
  })

  test("puts makers' own entries before those of hosts, which are well known", () => {
    const own = models.map(({ entry }) => isMakersOwn(entry))
    expect(own).toEqual([...own].sort((a, b) => Number(b) - Number(a)))
    for (const { entry } of models) if (!isMakersOwn(entry)) expect(hosts).toContain(entry.provider)
  })

  test('lists no model twice under two names', () => {
    for (const [rank, { entry }] of models.entries()) {
      const twins = models.slice(rank + 1).filter((other) => other.entry.provider === entry.provider)
      expect(twins.filter((other) => sameModelAs(entry, other.entry)).map(({ id }) => id)).toEqual([])
    }
  })
})

describe.each(models)('$id', ({ id, litellm, derived, why, entry }) => {
  test('is a live chat model', () => {
    expect(isLiveChat(entry)).toBe(true)
  })

  test('is the newest of its family and size, or says why not and the newest stands beside it', () => {
    const newer = siblingsOf(entry, entries).filter(
      (other) => other.model.release_date > entry.model.release_date && !sameModelAs(other, entry),
    )
    if (why === undefined) expect(newer.map((other) => other.id)).toEqual([])
    const listed = new Set(models.map((other) => other.id))
    expect(newer.filter((other) => !listed.has(other.id)).map((other) => other.id)).toEqual([])
  })

  test("has LiteLLM's key, or the one its siblings' rule gives", () => {
    const prefix = PREFIX[entry.provider] ?? `${entry.provider}/`
    expect(litellm).toBe(`${prefix}${entry.modelId}`)
    expect(keys.has(litellm)).toBe(derived === undefined)
    if (derived === undefined) return
    if (entry.model.release_date <= LISTS_END)
      expect(why, `${id} is older than the lists`).toBeTypeOf('string')
    if (why === undefined && prefix !== '') expect([...keys].some((key) => key.startsWith(prefix))).toBe(true)
  })
})

test.each([
  ['qwen3-235b-a22b-instruct', ['235b', 'a22b']],
  ['claude-opus-5-5', ['opus']],
  ['amazon.nova-2-lite-v1:0', ['lite']],
  ['openai/gpt-oss-120b', ['120b']],
  ['qwen2.5-0.5b', ['0.5b']],
  ['gemini-3.5-flash-lite', ['flash', 'lite']],
  ['kimi-k3', []],
])('the sizes in %s are %j', (modelId, sizes) => {
  expect([...sizesOf(modelId)]).toEqual(sizes)
})
