import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { providersSchema } from '../../src/catalog/providers.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { seededService, type TestService } from '../service.ts'

const answerSchema = z.strictObject(providersSchema.shape)

type Json = Record<string, unknown>

interface Sent {
  name: string
  env: string[]
  models: Record<string, { open_weights: boolean; cost?: { input: number; output: number } }>
  [field: string]: unknown
}
const readSeed = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'seed', name), 'utf8'))
const seed: Record<string, Sent> = readSeed('catalog.json')
const { makes, hosts }: { makes: Record<string, string[]>; hosts: string[] } = readSeed('parties.json')
const featured: { models: { id: string }[] } = readSeed('featured.json')

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_RATE_LIMIT: '0' } })
})
afterAll(() => service?.close())

async function ask(query = '', { baseUrl, token } = service) {
  const response = await fetch(`${baseUrl}/api/v1/inference/providers${query}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json }
}

async function providersOf(query = '', of = service) {
  const { status, body } = await ask(query, of)
  expect(status, JSON.stringify(body)).toBe(200)
  return answerSchema.parse(body)
}

test('all of them are told as upstream sent them, by id', async () => {
  const { providers, total } = await providersOf()
  const ids = Object.keys(seed).sort()
  expect(total).toBe(225)
  expect(providers.map(({ id }) => id)).toEqual(ids)
  for (const provider of providers) {
    const {
      name,
      env,
      doc = null,
      npm = null,
      api = null,
      models,
    } = (seed[provider.id] ?? {}) as Partial<Sent>
    expect(provider).toMatchObject({ name, env, doc, npm, api })
    const all = Object.entries(models ?? {})
    expect([provider.id, provider.models]).toEqual([provider.id, all.length])
    expect(provider.open_weights).toBe(all.filter(([, { open_weights }]) => open_weights).length)
    expect(provider.free).toBe(all.filter(([, { cost }]) => cost?.input === 0 && cost.output === 0).length)
    const curated = featured.models.filter(({ id }) => id.startsWith(`${provider.id}/`))
    expect(provider.featured).toBe(curated.length)
  }
})

test('makers and hosts are those of the curated lists', async () => {
  const { providers } = await providersOf()
  for (const { id, party, makes: labs } of providers) {
    const expected = id in makes ? 'maker' : hosts.includes(id) ? 'host' : 'other'
    expect([id, party]).toEqual([id, expected])
    expect(labs).toEqual((makes[id] ?? []).toSorted())
  }
})

describe('query finds', () => {
  test.each([
    ['openai', 'openai'],
    ['OPENAI', 'openai'],
    ['Z.AI coding', 'zai-coding-plan'],
    [' cohere ', 'cohere'],
    ['ｃｏｈｅｒｅ', 'cohere'],
  ])('%s: %s', async (query, id) => {
    const { providers, total } = await providersOf(`?${new URLSearchParams({ query })}`)
    expect(providers.map((provider) => provider.id)).toContain(id)
    expect(total).toBe(providers.length)
    expect(total).toBeLessThan(60)
  })

  test('nothing where nothing holds it, and all where it is blank', async () => {
    expect(await providersOf('?query=nobody-at-all')).toEqual({ providers: [], total: 0 })
    expect((await providersOf('?query=%20')).total).toBe(225)
    expect((await providersOf('?query=openai&query=')).total).toBe(225)
  })
})

test('faults are told at once', async () => {
  const { status, body } = await ask(`?query=${'x'.repeat(257)}&limit=5`)
  expect(status).toBe(422)
  expect(body.errors).toEqual([
    { loc: ['query', 'query'], msg: 'must have at most 256 characters', type: 'string_too_long' },
    { loc: ['query', 'limit'], msg: 'is no parameter of this route', type: 'extra_forbidden' },
  ])
})

test('a provider without models or anything else is told, and an ingest shows at once', async () => {
  const small = await seededService({
    catalog: { acme: { models: { x: {} } }, idle: { name: 'Idle', models: {} } },
  })
  try {
    const { providers } = await providersOf('', small)
    const bare = {
      env: [],
      doc: null,
      npm: null,
      api: null,
      makes: [],
      featured: 0,
      open_weights: 0,
      free: 0,
    }
    expect(providers).toEqual([
      { id: 'acme', name: null, ...bare, party: 'other', models: 1 },
      { id: 'idle', name: 'Idle', ...bare, party: null, models: 0 },
    ])
    const before = (await ask('', small)).headers.get('x-dataset-version')
    await ingest({ db: small.db, from: 'seed' })
    const after = await ask('', small)
    expect(after.body.total).toBe(225)
    expect(after.headers.get('x-dataset-version')).not.toBe(before)
  } finally {
    await small.close()
  }
})
