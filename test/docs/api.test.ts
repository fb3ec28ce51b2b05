import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { browseQuerySchema, facetsQuerySchema } from '../../src/catalog/browse-params.ts'
import { type ListQuery, listQuerySchema, parseListQuery } from '../../src/catalog/params.ts'
import { AppError, ERRORS, VALIDATION_TYPES } from '../../src/errors.ts'
import { SCOPES } from '../../src/http/scopes.ts'
import { seededService, type TestService } from '../service.ts'
import { codeIn, codeOf, readPage, rowsUnder } from './markdown.ts'

const page = readPage('docs/api.md')
const firstCodes = (heading: string) => rowsUnder(page, heading).map(([cell]) => codeOf(cell))

let service: TestService
beforeAll(async () => {
  service = await seededService({ env: { MODELDEX_TOKEN: 'reads', MODELDEX_ADMIN_TOKEN: 'runs' } })
})
afterAll(() => service.close())

const listSchema = z.object({ models: z.array(z.looseObject({ id: z.string() })) })

function get(pathAndQuery: string): Promise<Response> {
  const headers = { Authorization: `Bearer ${service.token}` }
  return fetch(`${service.baseUrl}/api/v1/inference/catalog${pathAndQuery}`, { headers })
}

describe('the routes beside it', () => {
  const parametersIn = (heading: string) =>
    rowsUnder(readPage('docs/browse.md'), heading).flatMap(([cell]) => codeOf(cell) ?? [])
  const own = (names: readonly string[]) => names.filter((name) => !(name in listQuerySchema.shape)).sort()

  it('document what they take beyond the list', () => {
    const [lists, facets] = [own(browseQuerySchema.keyof().options), own(facetsQuerySchema.keyof().options)]
    expect(parametersIn('Lists').sort()).toEqual(lists)
    expect(parametersIn('Facets')).toEqual(facets.filter((name) => !lists.includes(name)))
  })
})

describe('the list route', () => {
  /** The compiler sees to it that these are all, and none too many. */
  const PARAMETERS = {
    query: 'string',
    limit: 'integer',
    provider: 'string',
    capabilities: 'array of string',
    open_weights: 'boolean',
    min_context: 'integer',
    max_context: 'integer',
    min_price: 'number',
    max_price: 'number',
    featured: 'boolean',
    at: 'date',
  } satisfies Record<keyof ListQuery, string>

  it('has exactly the parameters of the table, with their types', () => {
    const rows = rowsUnder(page, 'Browse').map(([name, type]) => [codeOf(name), type])
    expect(rows).toEqual(Object.entries(PARAMETERS))
  })

  it('has the defaults of the table', () => {
    const query: Record<string, unknown> = parseListQuery([])
    for (const [name, , shown] of rowsUnder(page, 'Browse')) {
      const value = query[codeOf(name) ?? '']
      expect(shown, name).toBe(value === undefined || Array.isArray(value) ? '–' : String(value))
    }
  })

  it.each([
    ['query', 'a'.repeat(256), 'a'.repeat(257)],
    ['limit', '1', '0'],
    ['limit', '100', '101'],
    ['min_context', '1', '0'],
    ['max_context', '1', '0'],
  ])('keeps the bounds of the table: %s', (name, inside, outside) => {
    expect(() => parseListQuery([[name, inside]])).not.toThrow()
    expect(() => parseListQuery([[name, outside]])).toThrow(AppError)
    const row = rowsUnder(page, 'Browse').find(([cell]) => codeOf(cell) === name)
    expect(row?.[3]).toContain(inside.startsWith('a') ? '256' : inside)
  })

  it('takes the words for a boolean that are listed', () => {
    const [yes = '', no = ''] = codeIn(/A boolean is (.*)/.exec(page.text)?.[1])
    for (const word of yes.split(' ')) expect(parseListQuery([['featured', word]]).featured).toBe(true)
    for (const word of no.split(' ')) expect(parseListQuery([['featured', word]]).featured).toBe(false)
    expect([yes.split(' ').length, no.split(' ').length]).toEqual([6, 6])
  })

  it('finds and does not find what the examples of matching say', async () => {
    const idsOf = async (query: string): Promise<string[]> => {
      const answer = await get(`?limit=100&query=${encodeURIComponent(query)}`)
      return listSchema.parse(await answer.json()).models.map(({ id }) => id)
    }
    expect(await idsOf('gpt4o')).toContain('openai/gpt-4o')
    expect(await idsOf('gptoss')).toContain('groq/openai/gpt-oss-120b')
    expect((await idsOf('claude 4.5')).some((id) => id.includes('4-5'))).toBe(true)
    expect((await idsOf('r1')).filter((id) => /ember-?1/.test(id))).toEqual([])
    expect((await idsOf('4.2')).filter((id) => /4-2025\d{4}/.test(id))).toEqual([])
  })
})

describe('a query that matches nothing', () => {
  it.each([
    ['gtp-5', 'gpt-5'],
    ['gemni 2.5 pro', 'gemini%202.5%20pro'],
    ['models/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['gemini-2.5-pro:free', 'gemini-2.5-pro'],
    ['gpt-7', 'gpt-6'],
  ])('gets the suggestion that is shown: %s', async (query, meant) => {
    const shown = codeIn(/`X-Did-You-Mean` holds up to([\s\S]*?)There is no such header/.exec(page.text)?.[1])
    expect(shown).toEqual(expect.arrayContaining([query, meant]))
    const { headers } = await get(`?query=${encodeURIComponent(query)}`)
    expect(headers.get('x-did-you-mean')).toBe(meant)
  })
})

describe('an entry', () => {
  it('has exactly the fields of the table, in this order, of the types they say', async () => {
    const { models } = listSchema.parse(await (await get('?limit=100')).json())
    const rows = rowsUnder(page, 'An entry')
    for (const model of models) {
      expect(Object.keys(model)).toEqual(rows.map(([name]) => codeOf(name)))
      for (const [name, type = ''] of rows)
        expect(type.split(' or ')).toContain(typeOf(model[codeOf(name) ?? '']))
    }
  })

  function typeOf(value: unknown): string {
    if (value === null) return 'null'
    return Array.isArray(value) ? 'array of string' : typeof value
  }
})

describe('the dataset and a refresh', () => {
  it.each([
    ['What is served', 'GET', 'dataset'],
    ['Refresh now', 'POST', 'refresh'],
  ])('%s has exactly the fields of the table', async (heading, method, route) => {
    const headers = { Authorization: 'Bearer runs' }
    const answer = await fetch(`${service.baseUrl}/api/v1/inference/${route}`, { method, headers })
    expect(Object.keys(z.looseObject({}).parse(await answer.json()))).toEqual(firstCodes(heading))
  })
})

describe('errors', () => {
  it('are those of the table', () => {
    const raised = Object.entries(ERRORS)
    const rows = rowsUnder(page, 'Errors').map(([status, type]) => `${status} ${codeOf(type)}`)
    expect(rows.toSorted()).toEqual(raised.map(([, { status, type }]) => `${status} ${type}`).toSorted())
  })

  it('look like the example', async () => {
    const shown = page.blocks.find(({ heading }) => heading === 'Errors')?.text ?? ''
    expect(await (await get('?limt=5&limit=500')).text()).toBe(JSON.stringify(JSON.parse(shown)))
  })

  it('have the item types that are listed', () => {
    const listed = codeIn(/The items' types:([^.]*)\./.exec(page.text)?.[1])
    expect(listed).toEqual([...VALIDATION_TYPES])
  })
})

describe('authentication and freshness', () => {
  it('has the scopes of the table', () => {
    expect(firstCodes('Authentication')).toEqual([...SCOPES])
  })

  it('sends the headers of the table', async () => {
    const { headers } = await get('')
    for (const name of firstCodes('Freshness')) expect(headers.has(name ?? ''), name).toBe(true)
    expect(headers.get('cache-control')).toBe('private, no-cache')
    expect(headers.get('vary')).toBe('Accept-Encoding, Authorization, X-API-Key')
  })
})
