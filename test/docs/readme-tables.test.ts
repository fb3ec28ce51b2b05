import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type ListQuery, parseListQuery } from '../../src/catalog/params.ts'
import { readConfig, SECRETS, SETTING_NAMES, SETTINGS } from '../../src/config.ts'
import { AppError, ERRORS } from '../../src/errors.ts'
import { SCOPES } from '../../src/http/scopes.ts'
import { seededService, type TestService } from '../service.ts'
import { codeIn, codeOf, ROOT, readPage, rowsUnder } from './markdown.ts'

const readme = readPage('README.md')
const firstCodes = (heading: string) => rowsUnder(readme, heading).map(([cell]) => codeOf(cell))

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
    const rows = rowsUnder(readme, 'Browse').map(([name, type]) => [codeOf(name), type])
    expect(rows).toEqual(Object.entries(PARAMETERS))
  })

  it('has the defaults of the table', () => {
    const query: Record<string, unknown> = parseListQuery([])
    for (const [name, , shown] of rowsUnder(readme, 'Browse')) {
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
    const row = rowsUnder(readme, 'Browse').find(([cell]) => codeOf(cell) === name)
    expect(row?.[3]).toContain(inside.startsWith('a') ? '256' : inside)
  })

  it('takes the words for a boolean that are listed', () => {
    const text = readFileSync(join(ROOT, 'README.md'), 'utf8')
    const [yes = '', no = ''] = codeIn(/A boolean is (.*)/.exec(text)?.[1])
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
    const text = readFileSync(join(ROOT, 'README.md'), 'utf8')
    const shown = codeIn(/`X-Did-You-Mean` holds up to([\s\S]*?)There is no such header/.exec(text)?.[1])
    expect(shown).toEqual(expect.arrayContaining([query, meant]))
    const { headers } = await get(`?query=${encodeURIComponent(query)}`)
    expect(headers.get('x-did-you-mean')).toBe(meant)
  })
})

describe('an entry', () => {
  it('has exactly the fields of the table, in this order, of the types they say', async () => {
    const { models } = listSchema.parse(await (await get('?limit=100')).json())
    const rows = rowsUnder(readme, 'An entry')
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
    const rows = rowsUnder(readme, 'Errors').map(([status, type]) => `${status} ${codeOf(type)}`)
    expect(rows.toSorted()).toEqual(raised.map(([, { status, type }]) => `${status} ${type}`).toSorted())
  })

  it('look like the example', async () => {
    const shown = readme.blocks.find(({ heading }) => heading === 'Errors')?.text ?? ''
    expect(await (await get('?limt=5&limit=500')).text()).toBe(JSON.stringify(JSON.parse(shown)))
  })

  it('have the item types that are listed', () => {
    const text = readFileSync(join(ROOT, 'README.md'), 'utf8')
    const listed = codeIn(/The items' types:([^.]*)\./.exec(text)?.[1])
    const source = readFileSync(join(ROOT, 'src/errors.ts'), 'utf8')
    const types = /type ValidationType =([^;]*?)\n\n/.exec(source)?.[1] ?? ''
    expect(listed).toEqual([...types.matchAll(/'(\w+)'/g)].map(([, type]) => type))
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

describe('settings', () => {
  it('are exactly those of the table, with their flags, variables and defaults', () => {
    const defaults: Record<string, unknown> = readConfig({}, {}).config
    const shown = (value: unknown) => (value === undefined ? undefined : String(value))
    const expected = [
      ...SETTING_NAMES.map((name) => [SETTINGS[name][0], SETTINGS[name][1], shown(defaults[name])]),
      ...Object.values(SECRETS).map((variable) => [undefined, variable, undefined]),
    ]
    const rows = rowsUnder(readme, 'Settings').map((cells) => cells.slice(0, 3).map(codeOf))
    expect(rows).toEqual(expected)
  })

  it('are named nowhere else than they are called', () => {
    const known = new Set<string>([
      ...SETTING_NAMES.map((name) => SETTINGS[name][1]),
      ...Object.values(SECRETS),
    ])
    const text = readFileSync(join(ROOT, 'README.md'), 'utf8')
    for (const [name] of text.matchAll(/MODELDEX_[A-Z_]*[A-Z]/g)) expect(known).toContain(name)
  })

  it('has the levels of the log in the table', () => {
    const row = rowsUnder(readme, 'Settings').find(([flag]) => flag?.includes('--log-level'))
    expect(codeIn(row?.[3])).toEqual(SETTINGS.logLevel[2].split(', '))
  })
})

describe('commands', () => {
  it('are exactly those of the table, with their options', () => {
    const shown = new Map<string, string[]>()
    let command = ''
    for (const [name = '', option = ''] of rowsUnder(readme, 'Commands')) {
      command = codeOf(name) ?? command
      const isSettings = option.includes('#settings')
      const options = isSettings ? SETTING_NAMES.map((key) => SETTINGS[key][0]) : codeIn(option)
      shown.set(command, [...(shown.get(command) ?? []), ...options])
    }
    // Stands once, for all.
    shown.set('modeldex', shown.get('modeldex')?.filter((option) => option !== '--help') ?? [])
    expect(sorted(shown)).toEqual(sorted(helpOf([])))
  })

  function sorted(commands: Map<string, string[]>) {
    return Object.fromEntries([...commands].map(([name, options]) => [name, options.toSorted()]).sort())
  }

  /** Every command that does something and its options, as `--help` tells them, from the program down. */
  function helpOf(path: string[]): Map<string, string[]> {
    const help = execFileSync(process.execPath, [join(ROOT, 'src/bin.js'), ...path, '--help'], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    })
    const usage = /^Usage: (.*)$/m.exec(help)?.[1] ?? ''
    const subcommands = listed(help, 'Commands').map((line) => line.split(' ')[0] ?? '')
    const options = listed(help, 'Options').map((line) => line.replace(/^-\w, /, ''))
    const name = usage.replace(/ \[(options|command)\]/g, '')
    const own = options.filter((option) => option !== '--help')
    const below = subcommands.filter((subcommand) => subcommand !== 'help')
    const commands = below.flatMap((subcommand) => [...helpOf([...path, subcommand])])
    const doesSomething = path.length === 0 || below.length === 0
    return new Map([...(doesSomething ? [[name, own] as const] : []), ...commands])
  }

  /** First column under a title of a help text. */
  function listed(help: string, title: string): string[] {
    const lines = help.split(`${title}:\n`)[1]?.split('\n\n')[0]?.split('\n') ?? []
    return lines.flatMap((line) => /^ {2}(\S.*?)(?: {2,}|$)/.exec(line)?.[1] ?? [])
  }
})

describe('other facts', () => {
  it('has the scripts of the table', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    for (const command of firstCodes('Development')) {
      expect(scripts).toHaveProperty([/^npm (?:run )?([\w:]+)/.exec(command ?? '')?.[1] ?? ''])
    }
  })

  it('has the limits of the table that the server has', () => {
    const limits = new Map(rowsUnder(readme, 'Limits').map(([what = '', limit]) => [what, limit]))
    const source = readFileSync(join(ROOT, 'src/http/server.ts'), 'utf8')
    const numberOf = (name: string) =>
      /[\d_]+/.exec(source.split(`${name}: `)[1] ?? '')?.[0].replaceAll('_', '')
    const seconds = (name: string) => `${Number(numberOf(name)) / 1000} s`
    expect(limits.get('URL and headers')).toBe(`${numberOf('maxHeaderBytes')} KiB`)
    expect(limits.get('time to send the headers, the request')).toBe(
      `${seconds('headersTimeoutMs')}, ${seconds('requestTimeoutMs')}`,
    )
    expect(limits.get('time for requests under way when the server stops')).toBe(seconds('stopGraceMs'))
    const text = readFileSync(join(ROOT, 'README.md'), 'utf8')
    expect(text).toMatch(new RegExp(`Idle connections stay\\s+open for ${seconds('keepAliveTimeoutMs')}`))
  })

  it('has the numbers of the seed', async () => {
    const text = readFileSync(join(ROOT, 'README.md'), 'utf8')
    const source = readFileSync(join(ROOT, 'seed/SOURCE.md'), 'utf8')
    const fact = (name: string) => new RegExp(`^- ${name}: (.*)$`, 'm').exec(source)?.[1]
    expect(text).toContain(`${fact('Models')} models of ${fact('Providers')} providers come with it`)
    expect(text).toContain(`The seed is the models.dev catalog of ${fact('Date')}`)
  })
})
