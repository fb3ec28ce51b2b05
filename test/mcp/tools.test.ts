import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { seededService, type TestService } from '../service.ts'
import { call, connected, faultOf, programTransport, serviceTransport } from './clients.ts'

const TOOLS = [
  'search_models',
  'get_model',
  'compare_models',
  'find_offers',
  'resolve_model_id',
  'estimate_cost',
  'list_changes',
]
/** All that a client may put before its model, in bytes. */
const MAX_LIST_BYTES = 20 * 1024
const MAX_ANSWER_BYTES = 16 * 1024

const pageSchema = z.object({ models: z.array(z.object({ cost: z.object({ output: z.number() }) })) })

let service: TestService
beforeAll(async () => {
  service = await seededService()
})
afterAll(() => service.close())

describe.each([
  ['stdio', () => programTransport(service.db)],
  ['HTTP', () => serviceTransport(service)],
])('over %s', (_name, transport) => {
  let client: Client
  beforeEach(async () => {
    client = await connected(transport())
  })

  it('says who it is and how to read it', () => {
    expect(client.getServerVersion()).toMatchObject({ name: 'modeldex', version: '0.1.0' })
    expect(client.getInstructions()).toContain('USD per 1M tokens')
  })

  it('offers its tools as such that only look things up', async () => {
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(TOOLS)
    for (const { annotations, description, inputSchema, outputSchema } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true, idempotentHint: true, openWorldHint: false })
      expect(description).not.toBe('')
      expect(inputSchema.additionalProperties).toBe(false)
      expect(outputSchema).toBeDefined()
    }
    expect(JSON.stringify(tools).length).toBeLessThan(MAX_LIST_BYTES)
  })

  it('finds models', async () => {
    const found = await call(client, 'search_models', {
      query: 'kimi k3',
      capabilities: ['reasoning', 'tool_call'],
      open_weights: true,
      max_price: 20,
      limit: 2,
    })
    expect(found.data).toMatchObject({
      models: [{ id: 'moonshotai/kimi-k3', cost: { input: 3, output: 15 } }, {}],
      total: 91,
    })
    expect(found.text).toMatch(/^1 to 2 of 91 models/)
    expect(found.text).toMatch(/\nMore from offset 2$/)
    expect(found.text).toContain('\nmoonshotai/kimi-k3 (Kimi K3): $3 in, $15 out; context 1048576')
  })

  it('gives ten models where it is not told how many', async () => {
    const { data, text } = await call(client, 'search_models')
    expect(data).toMatchObject({ models: Array(10).fill({}), total: 8337 })
    expect(JSON.stringify(data).length + text.length).toBeLessThan(MAX_ANSWER_BYTES)
  })

  it('sorts, and goes on where it stopped', async () => {
    const asked = { provider: 'openai', sort: '-price', status: 'none', output_modality: ['text'], limit: 2 }
    const pages = [0, 2, 4].map((offset) => call(client, 'search_models', { ...asked, offset }))
    const found = await Promise.all(pages)
    const prices = found.flatMap(({ data }) => pageSchema.parse(data).models.map(({ cost }) => cost.output))
    expect(prices).toHaveLength(6)
    expect(prices).toEqual(prices.toSorted((a, b) => b - a))
    const { data, text } = await call(client, 'search_models', { offset: 10_000 })
    expect(data).toMatchObject({ models: [], total: 8337, next_offset: null })
    expect(text).toBe('No more: 8337 models match.')
  })

  it('says what may have been meant where nothing matches', async () => {
    const { data, text } = await call(client, 'search_models', { query: 'kimmi k3' })
    expect(data).toMatchObject({ models: [], total: 0, did_you_mean: ['kimi k3'] })
    expect(text).toBe('No model matches. These queries do: kimi k3')
  })

  it('gets a model', async () => {
    const { data, text } = await call(client, 'get_model', { id: 'google/gemini-2.5-pro' })
    expect(data).toMatchObject({
      id: 'google/gemini-2.5-pro',
      lab: 'google',
      party: 'maker',
      limits: { context: 1048576, output: 65536 },
      prices: { input: 1.25, output: 10, cache_read: 0.125 },
      tiers: [{ type: 'context', size: 200000, prices: { input: 2.5, output: 15, cache_read: 0.25 } }],
    })
    expect(text.split('\n').slice(-2)).toEqual([
      'USD per 1M tokens: input 1.25, output 10, cache_read 0.125',
      'above 200000 (context): input 2.5, output 15, cache_read 0.25',
    ])
  })

  it('compares models', async () => {
    const ids = ['openai/gpt-4o', 'moonshotai/kimi-k3']
    const { data, text } = await call(client, 'compare_models', { ids })
    expect(data).toMatchObject({ models: ids.map((id) => ({ id })) })
    expect(data).toMatchObject({ different: expect.arrayContaining(['cost.input', 'open_weights']) })
    expect(data).toMatchObject({ different: expect.not.arrayContaining(['id', 'status']) })
    expect(text).toContain('cost.input: 2.5 | 3\n')
  })

  it('finds the offers of a model, the cheapest first, page by page', async () => {
    const page = async (offset: number) => {
      const { data, text } = await call(client, 'find_offers', {
        id: 'xiaomi/mimo-v2-omni',
        limit: 1,
        offset,
      })
      return { data, last: text.split('\n').at(-1) }
    }
    const first = await page(0)
    expect(first.data).toMatchObject({
      model: 'xiaomi/mimo-v2-omni',
      offers: [{ id: 'xiaomi/mimo-v2-omni', price: '0.42', is_certain: false }],
      total: 2,
      next_offset: 1,
    })
    expect(first.last).toBe('More from offset 1')
    const second = await page(1)
    expect(second.data).toMatchObject({ offers: [{ price: '2.4', is_certain: true }], next_offset: null })
    expect(second.last).toMatch(/^zenmux\/xiaomi\/mimo-v2-omni .*; certain, by canonical_model_id$/)
  })

  it('resolves an id of another tool, and does not guess', async () => {
    const id = 'bedrock/anthropic.claude-opus-4-1-20250805-v1:0'
    const { data, text } = await call(client, 'resolve_model_id', { id })
    expect(data).toMatchObject({ matches: [{ matched_by: 'litellm_key', is_certain: true }], total: 1 })
    expect(text).toMatch(/\namazon-bedrock\/.*; certain, by litellm_key$/)
    const nothing = await call(client, 'resolve_model_id', { id: 'nothing-of-the-kind' })
    expect(nothing.data).toEqual({ matches: [], total: 0 })
  })

  it('estimates a cost exactly, by the tier', async () => {
    const use = { input_tokens: 300_000, output_tokens: 1_000, requests: 3 }
    const { data, text } = await call(client, 'estimate_cost', { id: 'google/gemini-2.5-pro', ...use })
    expect(data).toMatchObject({ tier: { size: 200_000 }, usd_per_request: '0.765', usd_total: '2.295' })
    expect(text).toMatch(
      /^google\/gemini-2\.5-pro: 2\.295 USD for 3 requests of 0\.765 USD by the prices above/,
    )
    expect(await faultOf(client, 'estimate_cost', { id: 'openai/gpt-4p', input_tokens: 1 })).toMatch(
      /^No model openai\/gpt-4p\. Did you mean openai\/gpt-4/,
    )
    expect(await faultOf(client, 'estimate_cost', { id: 'openai/gpt-4o' })).toMatch(
      /^input_tokens: is missing/,
    )
  })

  it('lists changes page by page', async () => {
    const asked = { provider: 'openai', field: 'cost', until: '2026-09-30', limit: 2 }
    const first = await call(client, 'list_changes', asked)
    expect(first.data).toMatchObject({ changes: [{ kind: 'changed' }, { kind: 'changed' }] })
    const cursor = /More with cursor (\S+)$/.exec(first.text)?.[1]
    expect(first.data).toMatchObject({ next_cursor: cursor })
    const second = await call(client, 'list_changes', { ...asked, cursor })
    expect(second.data).toMatchObject({ changes: [{}, {}] })
    expect(second.data).not.toEqual(first.data)
  })

  it('says what is wrong, where, and what may have been meant', async () => {
    const fault = (name: string, args: Record<string, unknown>) => faultOf(client, name, args)
    expect(await fault('search_models', { limit: 51 })).toMatch(/<=50 at limit$/)
    expect(await fault('search_models', { qurey: 'k3' })).toMatch(/Unrecognized key: "qurey"$/)
    expect(await fault('search_models', { query: 'x'.repeat(257) })).toBe(
      'query: must have at most 256 characters',
    )
    expect(await fault('get_model', { id: 'OpenAI/GPT-4o' })).toMatch(/Did you mean openai\/gpt-4o/)
    expect(await fault('get_model', { id: 'gpt-4o' })).toMatch(
      /^No model gpt-4o: an id is provider\/model_id\. Did you mean openai\/gpt-4o, /,
    )
    expect(await fault('find_offers', { id: 'nobody/gpt-oss-120b' })).toMatch(/openai\/gpt-oss-120b/)
    expect(await fault('resolve_model_id', { id: ' ' })).toBe('id: is required')
    expect(await fault('compare_models', { ids: ['x/y', 'openai/gpt-4o', 'openai/gpt-4p'] })).toMatch(
      /^No model x\/y\. No model openai\/gpt-4p\. Did you mean openai\/gpt-4/,
    )
    expect(await fault('compare_models', { ids: ['openai/gpt-4o'] })).toMatch(/>=2 items at ids$/)
    expect(await fault('list_changes', { since: 'yesterday', cursor: 'x' })).toMatch(
      /^since: must be a day such as 2026-03-31.*; cursor: must be a cursor that an answer gave$/,
    )
    expect(await fault('list_changes', { since: '2026-09-02', until: '2026-09-01' })).toBe(
      'since (2026-09-02) is after until (2026-09-01)',
    )
    expect(await fault('no_such_tool', {})).toContain('Tool no_such_tool not found')
  })
})
