import { describe, expect, test } from 'vitest'
import { byCodePoint, readEntries, readParties } from './read-seed.ts'

const entries = readEntries()
const providers = new Set(entries.map(({ provider }) => provider))
const served = new Set(entries.map(({ provider, lab }) => `${provider} ${lab}`))
const { makes, hosts } = readParties()

describe('the parties', () => {
  test('every maker serves every lab it is said to make', () => {
    const pairs = Object.entries(makes).flatMap(([provider, labs]) => labs.map((lab) => `${provider} ${lab}`))
    expect(pairs.filter((pair) => !served.has(pair))).toEqual([])
    expect(Object.values(makes).filter((labs) => labs.length === 0)).toEqual([])
  })

  test('every host is a provider, and the list stays short', () => {
    expect(hosts.filter((host) => !providers.has(host))).toEqual([])
    expect(hosts.length).toBeLessThanOrEqual(20)
  })

  test('both lists are in code point order, nothing twice', () => {
    expect(hosts).toEqual([...new Set(hosts)].sort(byCodePoint))
    expect(Object.keys(makes)).toEqual(Object.keys(makes).sort(byCodePoint))
  })

  // A lab whose own provider is missing here would have its models ranked with strangers'.
  test('every lab of canonical models that has a provider of its own name is made by somebody', () => {
    const made = new Set(Object.values(makes).flat())
    const own = entries.filter(
      ({ provider, lab, model }) => provider === lab && model.canonical_model_id !== undefined,
    )
    expect([...new Set(own.map(({ lab }) => lab))].filter((lab) => !made.has(lab))).toEqual([])
  })

  test.each([
    ['glm-4.6', 'zai'],
    ['kimi-k3', 'moonshotai'],
    ['gemini-2.5-pro', 'google'],
    ['claude-opus-5-5', 'anthropic'],
    ['qwen3.8-max', 'alibaba'],
    ['gpt-6.1-sol', 'openai'],
  ])('of all who sell %s under that ID, %s comes first', (modelId, provider) => {
    const party = (of: string, lab: string) => (makes[of]?.includes(lab) ? 0 : hosts.includes(of) ? 1 : 2)
    const sellers = entries.filter(
      (entry) => entry.modelId === modelId && entry.model.status !== 'deprecated',
    )
    const ranked = sellers.sort(
      (a, b) => party(a.provider, a.lab) - party(b.provider, b.lab) || byCodePoint(a.provider, b.provider),
    )
    expect(ranked[0]?.provider).toBe(provider)
  })
})
