import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { facetsSchema } from '../../src/catalog/facets-answer.ts'
import { seededService, type TestService } from '../service.ts'
import { expectEnvelope, get, LIST, serviceForTest } from './wire.ts'

const MODELS = '/api/v1/inference/models'
const FACETS = '/api/v1/inference/facets'

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_RATE_LIMIT: '0' } })
})
afterAll(() => service.close())

interface Page {
  models: { id: string; [key: string]: unknown }[]
  total: number
}

async function page(query: string): Promise<Page> {
  const answer = await get(service, `${MODELS}?${query}`)
  expect(answer.status, query).toBe(200)
  return (await answer.json()) as Page
}

/** Where the pages are that `Link` names. */
function linksOf(answer: Response): Record<string, string> {
  const links = (answer.headers.get('link') ?? '').matchAll(/<([^>]*)>; rel="(\w+)"/g)
  return Object.fromEntries([...links].map(([, url = '', relation = '']) => [relation, url]))
}

describe('the list', () => {
  it.each(['', 'query=claude&limit=7', 'featured=yes&limit=100', 'capabilities=reasoning&max_price=1'])(
    'answers %j as the catalog does',
    async (query) => {
      const [list, catalog] = await Promise.all(
        [MODELS, LIST].map((path) => get(service, `${path}?${query}`)),
      )
      expect(await list?.text()).toBe(await catalog?.text())
      for (const name of ['etag', 'x-dataset-version', 'cache-control', 'content-type']) {
        expect(list?.headers.get(name)).toBe(catalog?.headers.get(name))
      }
      expect(list?.headers.get('vary')).toBe('Accept-Encoding, Authorization, X-API-Key, Accept')
    },
  )

  it.each([
    'provider=openai&limit=7',
    'query=gpt-oss&sort=name&limit=33&offset=5',
    'capabilities=reasoning&capabilities=tool_call&provider=poe&sort=-price&limit=20',
    'featured=true&limit=9',
    'query=b%C3%BC&limit=9',
  ])('leads through all of %s', async (query) => {
    const skipped = Number(new URLSearchParams(query).get('offset') ?? 0)
    const all = await get(service, `${MODELS}?${query}&offset=${skipped}&limit=99999&format=ndjson`)
    const expected = (await all.text()).split('\n').slice(0, -1)
    const seen: string[] = []
    let url = `${MODELS}?${query}`
    for (;;) {
      const answer = await get(service, url)
      const { models } = (await answer.json()) as Page
      seen.push(...models.map((model) => JSON.stringify(model)))
      const { next, last } = linksOf(answer)
      if (next === undefined) {
        const end = await get(service, MODELS + last)
        expect(((await end.json()) as Page).models).toEqual(models)
        break
      }
      url = MODELS + next
    }
    expect(seen).toEqual(expected)
  })

  it.each([
    ['limit=10', { first: '0', next: '10', last: '50' }],
    ['limit=10&offset=5', { first: '0', prev: '0', next: '15', last: '45' }],
    ['limit=10&offset=43', { first: '0', prev: '33', last: '43' }],
    ['limit=10&offset=1000', { first: '0', prev: '50', last: '50' }],
    ['limit=10&offset=99999999999999999999999', { first: '0' }],
    ['offset=3&offset=53&limit=100', { first: '0', prev: '0', last: '0' }],
    ['query=nothing-like-it', { first: '0', last: '0' }],
  ])('links from %s', async (query, expected) => {
    const links = linksOf(await get(service, `${MODELS}?provider=openai&${query}`))
    const offsets = Object.entries(links).map(([relation, url]) => {
      const parameters = new URLSearchParams(url)
      expect(parameters.getAll('offset')).toHaveLength(1)
      expect(parameters.get('provider')).toBe('openai')
      return [relation, parameters.get('offset')]
    })
    expect(Object.fromEntries(offsets)).toMatchObject(expected)
  })

  it('keeps what was asked in its links, however it is spelt', async () => {
    const answer = await get(service, `${MODELS}?query=%26+%C3%BC%3E&capabilities[]=reasoning&offset=1`)
    expect(linksOf(answer).first).toBe('?query=%26+%C3%BC%3E&capabilities%5B%5D=reasoning&offset=0')
  })

  it('confirms a page that a client has, with its links', async () => {
    const { headers } = await get(service, `${MODELS}?limit=1`)
    const again = await get(service, `${MODELS}?limit=1`, {
      headers: { 'If-None-Match': headers.get('etag') ?? '' },
    })
    expect(again.status).toBe(304)
    expect(again.headers.get('link')).toBe(headers.get('link'))
  })

  it('says what may have been meant, in every format', async () => {
    for (const format of ['json', 'csv', 'ndjson']) {
      const { headers } = await get(service, `${MODELS}?query=cluade+sonet&format=${format}`)
      expect(headers.get('x-did-you-mean')).toBe('claude%20sonnet')
    }
    const { headers } = await get(service, `${MODELS}?query=cluade+sonet&family=claude-opus`)
    expect(headers.get('x-did-you-mean')).toBeNull()
  })

  it.each([
    ['status=none', (status: unknown) => status === null],
    ['status=DEPRECATED', (status: unknown) => status === 'deprecated'],
  ])('finds %s', async (query, fits) => {
    const { models, total } = await page(`${query}&limit=100&sort=newest`)
    expect(total).toBeGreaterThan(100)
    expect(models.every(({ status }) => fits(status))).toBe(true)
  })
})

const FAULTS: [query: string, errors: [name: string, type: string][]][] = [
  ['offset=-1', [['offset', 'greater_than_equal']]],
  ['offset=1.5', [['offset', 'int_parsing']]],
  ['sort=cost', [['sort', 'string_pattern_mismatch']]],
  ['format=xml', [['format', 'string_pattern_mismatch']]],
  ['at=2026-03-31', [['at', 'extra_forbidden']]],
  ['family[]=gpt', [['family[]', 'extra_forbidden']]],
  ['limit=101', [['limit', 'less_than_equal']]],
  ['limit=0&format=csv', [['limit', 'greater_than_equal']]],
  ...['26', '2026-13', '2026-02-30', '2026-3', '2026-03-31T00:00:00Z', 'today'].map(
    (date): (typeof FAULTS)[number] => [
      `released_after=${date}`,
      [['released_after', 'string_pattern_mismatch']],
    ],
  ),
  [
    `zz=1&released_after=x&featured=x&max_price=x&format=x&sort=x&offset=x&limit=x&query=${'x'.repeat(257)}`,
    [
      ['query', 'string_too_long'],
      ['limit', 'int_parsing'],
      ['offset', 'int_parsing'],
      ['sort', 'string_pattern_mismatch'],
      ['format', 'string_pattern_mismatch'],
      ['max_price', 'float_parsing'],
      ['featured', 'bool_parsing'],
      ['released_after', 'string_pattern_mismatch'],
      ['zz', 'extra_forbidden'],
    ],
  ],
]

describe('refusals', () => {
  it.each(FAULTS)('tells what is wrong with %s', async (query, expected) => {
    const answer = await get(service, `${MODELS}?${query}`)
    const { errors } = expectEnvelope(answer, await answer.text(), 422, 'validation_error')
    expect(errors.map(({ loc, type }: { loc: string[]; type: string }) => [loc[1], type])).toEqual(expected)
  })

  it.each([`${MODELS}?min_price=2&max_price=1&format=csv`, `${FACETS}?min_price=2&max_price=1`])(
    'calls %s a contradiction',
    async (path) => {
      const answer = await get(service, path)
      expectEnvelope(answer, await answer.text(), 400, 'invalid_error')
    },
  )

  it.each(['limit=1', 'offset=1', 'sort=name', 'format=csv', 'at=2026-03-31', 'ignore_own=perhaps'])(
    'takes no %s for facets',
    async (query) => {
      const answer = await get(service, `${FACETS}?${query}`)
      expectEnvelope(answer, await answer.text(), 422, 'validation_error')
    },
  )

  it('takes a blank value for none', async () => {
    const blank = 'offset=&sort=+&format=&family=&status=%09&input_modality=,&released_after=&limit='
    expect(await page(blank)).toEqual(await page(''))
  })
})

describe('row by row', () => {
  const TYPES = {
    json: 'application/json; charset=utf-8',
    csv: 'text/csv; charset=utf-8; header=present',
    ndjson: 'application/x-ndjson; charset=utf-8',
  }

  it.each([
    ['text/csv', '', 'csv'],
    ['Text/CSV;header=present', '', 'csv'],
    ['application/x-ndjson', '', 'ndjson'],
    ['application/x-ndjson;q=0.5, text/csv;q=0.4', '', 'ndjson'],
    ['text/*', '', 'csv'],
    ['application/*', '', 'json'],
    ['*/*', '', 'json'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', '', 'json'],
    ['image/png', '', 'json'],
    ['text/csv', '&format=json', 'json'],
    ['application/json', '&format=NDJSON', 'ndjson'],
    ['text/csv', '&format=', 'csv'],
  ] as const)('answers Accept: %s%s as %s', async (accept, query, format) => {
    const answer = await get(service, `${MODELS}?limit=1${query}`, { headers: { Accept: accept } })
    expect(answer.headers.get('content-type')).toBe(TYPES[format])
    expect(answer.headers.get('vary')).toContain('Accept')
    expect((await answer.text()).length).toBeGreaterThan(100)
  })

  it.each(['provider=openai', 'query=gpt+5&sort=-price&offset=3', 'query=o3&limit=5'])(
    'has the rows of the JSON list for %s',
    async (query) => {
      const { models } = await page(query.includes('limit') ? query : `${query}&limit=100`)
      const lines = await (await get(service, `${MODELS}?${query}&format=ndjson`)).text()
      const rows = lines.split('\n').slice(0, models.length)
      expect(rows.map((line) => JSON.parse(line))).toEqual(models)
      const [header = [], ...cells] = readCsv(
        await (await get(service, `${MODELS}?${query}&format=csv`)).text(),
      )
      const flat = models.map((model) => flatten(model))
      expect(header).toEqual(Object.keys(flat[0] ?? {}))
      expect(cells.slice(0, models.length)).toEqual(flat.map((row) => Object.values(row)))
    },
  )

  it.each(['csv', 'ndjson'])('sends all of them as %s, and HEAD its headers', async (format) => {
    const url = `${MODELS}?format=${format}`
    const { total } = await page('limit=1')
    const [all, plain] = await Promise.all([
      get(service, url),
      get(service, url, { headers: { 'Accept-Encoding': 'identity' } }),
    ])
    expect(all.headers.get('content-encoding')).toMatch(/^(br|gzip)$/)
    const text = await all.text()
    expect(text).toBe(await plain.text())
    expect(text.split('\n')).toHaveLength(total + (format === 'csv' ? 2 : 1))
    expect(all.headers.get('link')).toBeNull()
    const head = await get(service, url, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    for (const name of ['content-type', 'x-dataset-version', 'vary', 'cache-control']) {
      expect(head.headers.get(name)).toBe(all.headers.get(name))
    }
  })

  it('writes texts so that no reader takes them for something else', async () => {
    const names = [
      '=1+1',
      '+1',
      '-1',
      '@x',
      '\tx',
      'a,b',
      'say "hi"',
      'two\r\nlines',
      '=a,"b"',
      ' ',
      'é',
      "'x",
    ]
    const models = Object.fromEntries(
      names.map((name, place) => [`m${place}`, { name, cost: { input: -1, output: 1e-7 } }]),
    )
    const small = await serviceForTest({ catalog: { acme: { models } } })
    const rows = readCsv(await (await get(small, `${MODELS}?format=csv`)).text()).slice(1)
    const written = rows.toSorted(([a = ''], [b = '']) => Number(a.slice(6)) - Number(b.slice(6)))
    expect(written.map(([, , name]) => name)).toEqual(
      names.map((name) => (/^[=+\-@\t]/.test(name) ? `'${name}` : name)),
    )
    expect(written.every((cells) => cells[4] === '-1' && cells[5] === '1e-7')).toBe(true)
  })

  it('sends a few lists at once, and more once those are done or given up', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => get(service, `${MODELS}?format=csv`)))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.every(({ headers }) => headers.has('retry-after'))).toBe(true)
    const texts = await Promise.all(answers.filter(({ ok }) => ok).map((answer) => answer.text()))
    expect(new Set(texts).size).toBe(1)
    for (let round = 0; round < 20; round++) await giveUp()
    const { total } = await page('limit=1')
    await expect
      .poll(async () => (await get(service, `${MODELS}?format=ndjson`)).text(), { timeout: 10_000 })
      .toMatch(new RegExp(`^(.*\n){${total}}$`))
  })
})

/** Asks for all rows and leaves at the first ones. */
async function giveUp(): Promise<void> {
  const { hostname, port } = new URL(service.baseUrl)
  const socket = connect(Number(port), hostname)
  const request = `GET ${MODELS}?format=ndjson HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${service.token}\r\n\r\n`
  socket.write(request)
  for await (const _ of socket) break
}

/** Reads RFC 4180. */
function readCsv(text: string): string[][] {
  expect(text.endsWith('\r\n')).toBe(true)
  const cells = text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)
  const rows: string[][] = [[]]
  for (const [, quoted, bare = '', end] of cells) {
    rows.at(-1)?.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

type Pair = Record<'input' | 'output', unknown> | null

function flatten(model: Page['models'][number]): Record<string, string> {
  const { cost, modalities } = model as unknown as { cost: Pair; modalities: Pair }
  const limits = model.limits as Record<'context' | 'output', unknown> | null
  const values = {
    id: model.id,
    provider: model.provider,
    name: model.name,
    capabilities: model.capabilities,
    input_usd_per_mtok: cost?.input,
    output_usd_per_mtok: cost?.output,
    context_tokens: limits?.context,
    output_tokens: limits?.output,
    input_modalities: modalities?.input,
    output_modalities: modalities?.output,
    knowledge: model.knowledge,
    open_weights: model.open_weights,
    release_date: model.release_date,
    status: model.status,
  }
  const textOf = (value: unknown) => (Array.isArray(value) ? value.join(' ') : String(value ?? ''))
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(value)]))
}

describe('facets', () => {
  it('have the documented form, whatever matches', async () => {
    for (const query of ['', 'query=kimi&ignore_own=1', 'query=nothing-like-it', 'featured=true']) {
      const answer = await get(service, `${FACETS}?${query}`)
      expect(facetsSchema.strict().parse(await answer.json())).toBeDefined()
      expect(answer.headers.get('x-dataset-version')).toMatch(/^[0-9a-f]{64}$/)
    }
  })

  it('show what else could be chosen', async () => {
    const countsOf = async (query: string) => {
      const { provider, price } = facetsSchema.parse(await (await get(service, `${FACETS}?${query}`)).json())
      return { providers: provider.length, prices: price.buckets.filter(({ count }) => count > 0).length }
    }
    expect(await countsOf('provider=openai&max_price=0.5')).toMatchObject({ providers: 1 })
    const free = await countsOf('provider=openai&max_price=0.5&ignore_own=true')
    expect(free.providers).toBeGreaterThan(50)
    expect(free.prices).toBeGreaterThan(3)
  })
})
