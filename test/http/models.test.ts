import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededService, type TestService } from '../service.ts'
import { MODELS, type Page, pageOf } from './models-pages.ts'
import { expectEnvelope, get, LIST } from './wire.ts'

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_RATE_LIMIT: '0' } })
})
afterAll(() => service.close())

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
    const { models, total } = await pageOf(service, `${query}&limit=100&sort=newest`)
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

  it.each([`${MODELS}?min_price=2&max_price=1&format=csv`, `${MODELS}?min_context=2&max_context=1`])(
    'calls %s a contradiction',
    async (path) => {
      const answer = await get(service, path)
      expectEnvelope(answer, await answer.text(), 400, 'invalid_error')
    },
  )

  it('takes a blank value for none', async () => {
    const blank = 'offset=&sort=+&format=&family=&status=%09&input_modality=,&released_after=&limit='
    expect(await pageOf(service, blank)).toEqual(await pageOf(service, ''))
  })
})
