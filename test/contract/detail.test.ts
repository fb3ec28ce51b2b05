import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seededService, type TestService } from '../service.ts'

type Model = Record<string, unknown> & {
  cost?: { input: number; output: number }
  limit: { context: number; output: number }
}
const seed: Record<string, { models: Record<string, Model> }> = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'seed', 'catalog.json'), 'utf8'),
)
const ids = Object.entries(seed).flatMap(([provider, { models }]) =>
  Object.keys(models).map((id) => [provider, id] as const),
)

const agent = new Agent({ keepAlive: true, maxSockets: 16 })
let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_RATE_LIMIT: '0' } })
})
afterAll(async () => {
  agent.destroy()
  await service.close()
})

/** Asks for a path as written; `fetch` would take `..` out of it. */
function ask(path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(service.baseUrl)
    const headers = { authorization: `Bearer ${service.token}` }
    get({ hostname, port, path: `/api/v1/inference/catalog/${path}`, agent, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    }).on('error', reject)
  })
}

test(`each of the ${ids.length} models is answered as the seed has it, raw and encoded`, {
  timeout: 120_000,
}, async () => {
  expect(ids).toHaveLength(8337)
  const wrong: string[] = []
  await Promise.all(
    ids.map(async ([provider, modelId]) => {
      const expected = JSON.stringify(entryOf(provider, modelId))
      for (const path of [
        `${provider}/${modelId}`,
        encodeURIComponent(`${provider}/${modelId}`),
        `${provider}/${encodeURIComponent(modelId)}`,
      ]) {
        const { status, body } = await ask(path)
        if (status !== 200 || body !== expected) wrong.push(`${path}: ${status} ${body}`)
      }
    }),
  )
  expect(wrong).toEqual([])
})

/** The contract's entry, read from upstream's fields once more. */
function entryOf(provider: string, modelId: string) {
  const model = seed[provider]?.models[modelId]
  const { cost, limit } = model ?? {}
  const capabilities = [
    'attachment',
    'reasoning',
    'tool_call',
    'structured_output',
    'temperature',
    'interleaved',
  ]
  return {
    id: `${provider}/${modelId}`,
    provider,
    name: model?.name,
    capabilities: capabilities.filter((name) => model?.[name] === true || typeof model?.[name] === 'object'),
    cost: cost ? { input: cost.input, output: cost.output } : null,
    limits: { context: limit?.context, output: limit?.output },
    modalities: model?.modalities,
    knowledge: model?.knowledge ?? null,
    open_weights: model?.open_weights,
    release_date: model?.release_date,
    status: model?.status ?? null,
  }
}

describe('a path is taken as text', () => {
  test.each([
    ['openrouter/anthropic/claude-sonnet-4.5', 200],
    ['openrouter/anthropic%2Fclaude-sonnet-4.5', 200],
    ['openrouter%2Fanthropic%2Fclaude-sonnet-4.5', 200],
    ['%6fpenai/gpt-4o', 200],
    ['openai/gpt-4o/', 404],
    ['openai//gpt-4o', 404],
    ['openai/gpt-4o%20', 404],
    ['%20openai/gpt-4o', 404],
    ['openai/../openai/gpt-4o', 404],
    ['openai/./gpt-4o', 404],
    ['openai/%2e%2e/gpt-4o', 404],
    ['openai/gpt-4o%252', 404],
    ['OpenAI/gpt-4o', 404],
    ['openai/GPT-4o', 404],
    ['', 404],
    ['/', 404],
    ['openai', 404],
    ['openai/', 404],
    ['/gpt-4o', 404],
    ['openai/gpt-4o%', 400],
    ['openai/%ff', 400],
    ['openai/%c0%af', 400],
    ['openai/%ed%a0%80', 400],
    ['openai/gpt-4o?x=%zz', 400],
    ['openai/gpt-4o?', 200],
    ['openai/gpt-4o?x=1', 422],
    ['openai/gpt-4o?limit=1', 422],
    ['openai/none?limit=1', 422],
  ])('%s is %i', async (path, status) => {
    expect((await ask(path)).status).toBe(status)
  })
})

describe('what is not found offers near ids', () => {
  test.each([
    ['openai/GPT-4O', /^No model openai\/GPT-4O\. Did you mean openai\/gpt-4o, /],
    ['nobody/o3-pro', /Did you mean openai\/o3-pro, /],
    [
      'anthropic/claude-opus-4-99',
      /Did you mean anthropic\/claude-opus-4-[^ ]+, anthropic\/claude-opus-4-[^ ]+ or anthropic\/claude-opus-4-[^ ]+\?$/,
    ],
    ['openai/gpq', /^No model openai\/gpq\.$/],
    ['nobody/nothing-at-all', /^No model nobody\/nothing-at-all\.$/],
  ])('%s', async (path, detail) => {
    const { status, body } = await ask(path)
    expect(status).toBe(404)
    expect(JSON.parse(body)).toEqual({
      code: 404,
      type: 'not_found_error',
      detail: expect.stringMatching(detail),
    })
  })
})

describe('near ids, in turn', () => {
  let small: TestService
  beforeAll(async () => {
    small = await seededService({
      catalog: {
        openai: {
          models: {
            'Alpha-1': {},
            'alpha-1': {},
            'alpha-2': {},
            alpine: {},
            alp: {},
            'x/Beta': { release_date: '2025' },
          },
        },
        acme: {
          models: {
            'a/beta': { release_date: '2026' },
            ＢＥＴＡ: { status: 'deprecated' },
            'betamax-1': {},
            'betamax-2': {},
            betamaz: {},
          },
        },
      },
    })
  })
  afterAll(() => small.close())

  test.each([
    ['openai/ALPHA-1', ['openai/Alpha-1', 'openai/alpha-1']],
    ['nobody/beta', ['acme/a/beta', 'openai/x/Beta', 'acme/ＢＥＴＡ']],
    ['nobody/b/beta', ['acme/a/beta', 'openai/x/Beta', 'acme/ＢＥＴＡ']],
    ['openai/alpha-3', ['openai/alpha-1', 'openai/alpha-2']],
    ['openai/alphabet', ['openai/alpha-1', 'openai/alpha-2']],
    ['openai/alpx', []],
    ['acme/betamax', ['acme/betamax-1', 'acme/betamax-2', 'acme/betamaz']],
    ['acme/betamax-22', ['acme/betamax-2', 'acme/betamax-1', 'acme/betamaz']],
    ['acme/beta-1', ['acme/betamax-1', 'acme/betamax-2', 'acme/betamaz']],
    ['acme/bet', []],
    ['acm/betamax-3', []],
  ])('%s', async (id, near) => {
    const response = await fetch(`${small.baseUrl}/api/v1/inference/catalog/${id}`, {
      headers: { 'x-api-key': small.token },
    })
    const { detail } = (await response.json()) as { detail: string }
    const list = near.length < 2 ? near.join('') : `${near.slice(0, -1).join(', ')} or ${near.at(-1)}`
    expect(detail).toBe(`No model ${id}.${near.length > 0 ? ` Did you mean ${list}?` : ''}`)
  })
})
