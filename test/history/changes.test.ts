import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { seededService, type TestService } from '../service.ts'

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_RATE_LIMIT: '0' } })
})
afterAll(() => service?.close())

const changeSchema = z.strictObject({
  at: z.iso.datetime(),
  version: z.string().length(64),
  kind: z.enum(['added', 'removed', 'returned', 'renamed', 'changed']),
  id: z.string(),
  name: z.string().nullable(),
  provider: z.string(),
  model_id: z.string().nullable(),
  field: z.string().nullable(),
  before: z.json(),
  after: z.json(),
})
const pageSchema = z.strictObject({ changes: z.array(changeSchema), next_cursor: z.string().nullable() })
const historySchema = z.strictObject({
  id: z.string(),
  provider: z.string(),
  model_id: z.string(),
  name: z.string().nullable(),
  history: z.array(
    z.strictObject({
      from: z.iso.datetime(),
      version: z.string().length(64),
      kind: z.string(),
      id: z.string(),
      status: z.string().nullable(),
      cost: z.record(z.string(), z.json()).nullable(),
      limits: z.record(z.string(), z.json()).nullable(),
    }),
  ),
})

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${service.baseUrl}/api/v1/inference/${path}`, {
    headers: { authorization: `Bearer ${service.token}`, ...headers },
  })
}

async function changes(query: string) {
  const response = await get(`changes?${query}`)
  expect(response.status).toBe(200)
  return pageSchema.parse(await response.json())
}

/** Every page, one after the other. */
async function allChanges(query: string) {
  const found: z.infer<typeof changeSchema>[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: z.infer<typeof pageSchema> = await changes(`${query}&limit=100&cursor=${cursor}`)
    found.push(...page.changes)
    cursor = page.next_cursor
  }
  return found
}

describe('changes', () => {
  test('come the newest first, and pages hold each once', async () => {
    const found = await allChanges('provider=poe')
    expect(found.length).toBeGreaterThan(300)
    expect(new Set(found.map((change) => JSON.stringify(change))).size).toBe(found.length)
    expect(found.map(({ at }) => at)).toEqual(
      found
        .map(({ at }) => at)
        .toSorted()
        .reverse(),
    )
    const smaller = (await changes('provider=poe&limit=7')).changes
    expect(smaller).toEqual(found.slice(0, 7))
  })

  test('say what was before and after', async () => {
    const { changes: found } = await changes('provider=openai&model=gpt-5.6&field=cost.input')
    expect(found).toMatchObject([
      {
        at: '2026-09-30T00:00:00.000Z',
        kind: 'changed',
        id: 'openai/gpt-5.6',
        provider: 'openai',
        model_id: 'gpt-5.6',
        field: 'cost.input',
        before: 5,
        after: 4,
      },
    ])
  })

  test('name what the catalog still has', async () => {
    const told = await allChanges('provider=poe')
    const models = new Map(
      told.flatMap(({ id, name, model_id: model }) => (model === null ? [] : [[id, name]])),
    )
    for (const [id, name] of [...models].slice(0, 60)) {
      const found = await get(`catalog/${id}`)
      const entry = z.object({ name: z.string().nullish() }).parse(await found.json())
      expect([id, name]).toEqual([id, entry.name ?? null])
    }
    expect(new Set([...models.values()].map((name) => typeof name))).toEqual(new Set(['string', 'object']))
    const provider = (await everyChange()).find(({ id }) => id === 'poe')
    expect(provider?.name).toBe('Poe')
  })

  test.each([
    ['since=2026-09-30', ({ at }: Told) => at >= '2026-09-30'],
    ['until=2025-09-30', ({ at }: Told) => at < '2025-10-01'],
    ['since=2025-08-01&until=2025-08-30', ({ at }: Told) => at.startsWith('2025-08-30')],
    ['since=2026-07-17T00:00:00Z&until=2026-07-17T00:00:00Z', ({ at }: Told) => at.startsWith('2026-07-17')],
    ['provider=OpenAI', ({ provider }: Told) => provider === 'openai'],
    ['field=cost', ({ field }: Told) => field?.startsWith('cost.') ?? false],
    [
      'field=status&provider=google',
      ({ field, provider }: Told) => field === 'status' && provider === 'google',
    ],
    ['model=openai/gpt-4o', ({ id }: Told) => id === 'openai/gpt-4o' || id.endsWith('/openai/gpt-4o')],
    ['model=GPT-4O', ({ model_id }: Told) => model_id === 'gpt-4o'],
  ])('%s narrows them', async (query, fits) => {
    const all = await everyChange()
    expect(await allChanges(query)).toEqual(all.filter(fits))
    expect(all.filter(fits).length).toBeGreaterThan(0)
  })

  test.each([
    'until=2025-06-27',
    'provider=nobody',
    'model=nothing',
    'field=cos',
    'since=2026-10-01',
    'provider=%25',
  ])('%s finds none', async (query) => {
    expect(await changes(query)).toEqual({ changes: [], next_cursor: null })
  })

  test('are told by kind', async () => {
    const removed = await allChanges('provider=openai&kind=Removed')
    const all = await allChanges('provider=openai')
    expect(removed.length).toBeGreaterThan(0)
    expect(removed).toEqual(all.filter(({ kind }) => kind === 'removed'))
    expect((await changes('kind=changed&limit=1')).changes).toMatchObject([{ kind: 'changed' }])
  })

  test('know a renamed model by both its ids', async () => {
    const renamed = (await everyChange()).filter(({ kind }) => kind === 'renamed')
    expect(renamed.length).toBeGreaterThan(50)
    for (const { before, id } of renamed.slice(0, 3)) {
      expect(String(before).toLowerCase()).toBe(id.toLowerCase())
      expect(await allChanges(`model=${before}`)).toEqual(await allChanges(`model=${id}`))
    }
  })

  test('faults are reported at once, in order', async () => {
    const response = await get(
      'changes?x=1&cursor=abc&limit=101&until=2026-02-30&since=soon&kind=new&limit=0&provider=a&cursor=MDE',
    )
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      type: 'validation_error',
      errors: [
        { loc: ['query', 'since'], type: 'string_pattern_mismatch' },
        { loc: ['query', 'until'], type: 'string_pattern_mismatch' },
        { loc: ['query', 'kind'], type: 'string_pattern_mismatch' },
        { loc: ['query', 'limit'], type: 'greater_than_equal' },
        { loc: ['query', 'cursor'], type: 'string_pattern_mismatch' },
        { loc: ['query', 'x'], type: 'extra_forbidden' },
      ],
    })
    expect((await get('changes?since=2026-01-02&until=2026-01-01')).status).toBe(400)
    expect((await get('changes?limit=101')).status).toBe(422)
    expect((await fetch(`${service.baseUrl}/api/v1/inference/changes`)).status).toBe(401)
  })

  test('are tagged and carry the version', async () => {
    const first = await get('changes?limit=1')
    expect(first.headers.get('x-dataset-version')).toHaveLength(64)
    const etag = first.headers.get('etag') ?? ''
    expect((await get('changes?limit=1', { 'if-none-match': etag })).status).toBe(304)
  })
})

describe('the feed', () => {
  test('is Atom with an entry for each change, and links to its next page', async () => {
    const response = await get('changes.atom?provider=openai&limit=5')
    expect(response.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8')
    const text = await response.text()
    const { changes: found, next_cursor } = await changes('provider=openai&limit=5')
    expect(text.match(/<entry>/g)).toHaveLength(5)
    expect([...text.matchAll(/<updated>(.*)<\/updated>/g)].slice(1).map(([, at]) => at)).toEqual(
      found.map(({ at }) => at),
    )
    expect(text).toContain(`cursor=${next_cursor}"`)
    const ids = [...text.matchAll(/<id>(.*)<\/id>/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(6)
    for (const id of ids)
      expect(id).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(await (await get('changes.atom?provider=openai&limit=5')).text()).toBe(text)
    expect((await get('changes.atom?nope=1')).status).toBe(422)
  })
})

describe('the history of a model', () => {
  async function history(id: string) {
    const response = await get(`history/${id}`)
    expect(response.status).toBe(200)
    return historySchema.parse(await response.json())
  }

  test('tells prices and limits over a year', async () => {
    const { history: points, ...model } = await history('github-copilot/gemini-2.5-pro')
    expect(model).toEqual({
      id: 'github-copilot/gemini-2.5-pro',
      provider: 'github-copilot',
      model_id: 'gemini-2.5-pro',
      name: 'Gemini 2.5 Pro',
    })
    expect(
      points.map(({ from, kind, cost, limits }) => [from.slice(0, 10), kind, cost?.input, limits?.context]),
    ).toEqual([
      ['2025-06-27', 'known', undefined, 2000000],
      ['2025-07-31', 'changed', undefined, 1048576],
      ['2025-09-30', 'changed', undefined, 128000],
      ['2025-11-30', 'changed', 0, 128000],
      ['2026-03-31', 'changed', 0, 128000],
      ['2026-06-30', 'changed', 1.25, 128000],
      ['2026-07-17', 'changed', 1.25, 128000],
      ['2026-09-30', 'removed', undefined, undefined],
    ])
  })

  test('agrees with the catalog of each time', async () => {
    const { history: points } = await history('openrouter/anthropic/claude-sonnet-4.5')
    expect(points.length).toBeGreaterThan(1)
    for (const { from, version, cost, limits } of points.slice(-2)) {
      const then = await get(`catalog/openrouter/anthropic/claude-sonnet-4.5?at=${from}`)
      expect(then.headers.get('x-dataset-version')).toBe(version)
      expect(await then.json()).toMatchObject({
        cost: { input: cost?.input, output: cost?.output },
        limits: { context: limits?.context, output: limits?.output },
      })
    }
  })

  test('has the same paths as the catalog', async () => {
    const plain = await history('openrouter/anthropic/claude-sonnet-4.5')
    expect(await history('openrouter/anthropic%2Fclaude-sonnet-4.5')).toEqual(plain)
    expect(await history('openrouter%2Fanthropic%2Fclaude-sonnet-4.5')).toEqual(plain)
    for (const path of ['history/', 'history/openai', 'history/openai/', 'history//gpt-4o']) {
      expect((await get(path)).status, path).toBe(404)
    }
    expect((await get('history/openai/gpt-4o?x=1')).status).toBe(422)
  })

  test('of a model that never changed is one point', async () => {
    const { history: points } = await history('openai/gpt-4o')
    expect(points).toMatchObject([{ kind: 'known', from: '2025-06-27T00:00:00.000Z', cost: { input: 2.5 } }])
  })

  test('of an id that changed its letter case is that of the model', async () => {
    const [renamed] = (await everyChange()).filter(
      ({ kind, provider }) => kind === 'renamed' && provider === 'nebius',
    )
    const found = await history(String(renamed?.before))
    expect(found.id).toBe(renamed?.id)
    expect(found).toEqual(await history(renamed?.id ?? ''))
    expect(found.history.map(({ id }) => id)).toEqual(
      expect.arrayContaining([renamed?.before, renamed?.after]),
    )
  })

  test('of what was never there is missed as the catalog misses it', async () => {
    const miss = await get('history/openai/gpt-4O')
    expect(miss.status).toBe(404)
    expect(await miss.json()).toMatchObject({
      type: 'not_found_error',
      detail: expect.stringContaining('Did you mean openai/gpt-4o'),
    })
  })
})

type Told = z.infer<typeof changeSchema>
let every: Promise<Told[]> | undefined
function everyChange(): Promise<Told[]> {
  every ??= allChanges('')
  return every
}
