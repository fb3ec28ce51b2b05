import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededService, type TestService } from '../service.ts'
import { MODELS, type Page, pageOf } from './models-pages.ts'
import { get, serviceForTest } from './wire.ts'

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_RATE_LIMIT: '0' } })
})
afterAll(() => service.close())

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
      const { models } = await pageOf(service, query.includes('limit') ? query : `${query}&limit=100`)
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
    const { total } = await pageOf(service, 'limit=1')
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

  it('answers others meanwhile', async () => {
    const order: string[] = []
    const answer = await get(service, `${MODELS}?format=ndjson`)
    const rest = answer.text().then(() => order.push('rows'))
    await pageOf(service, 'limit=1')
    order.push('page')
    await rest
    expect(order).toEqual(['page', 'rows'])
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
    const { total } = await pageOf(service, 'limit=1')
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
