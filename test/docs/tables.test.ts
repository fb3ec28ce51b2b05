import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { estimateQuerySchema } from '../../src/catalog/estimate-params.ts'
import { readConfig, SECRETS, SETTING_NAMES, SETTINGS } from '../../src/config.ts'
import { codeIn, codeOf, projectFiles, ROOT, readPage, rowsUnder } from './markdown.ts'

const readme = readPage('README.md')
const commands = readPage('docs/commands.md')
const development = readPage('docs/development.md')
const operation = readPage('docs/operation.md')
const estimate = readPage('docs/estimate.md')

describe('what it offers', () => {
  it('has every route, and none that is not there', () => {
    const served = projectFiles('src/http').flatMap((path) => {
      const source = readFileSync(join(ROOT, path), 'utf8')
      return [...source.matchAll(/_PATH = '(\/[^']+)'/g)].map(([, route = '']) => route)
    })
    const rows = rowsUnder(readme, 'What it offers')
    const listed = rows.flatMap(([cell]) => codeIn(cell)).flatMap((code) => code.split(' /')[1] ?? [])
    const routes = listed.map((route) => `/${route.replace(/\/(\{.*|manifest)$/, '')}`)
    expect(new Set(routes)).toEqual(new Set(served))
  })

  it('leads to where each is told', () => {
    for (const cells of rowsUnder(readme, 'What it offers')) expect(cells[1]).toMatch(/\]\(docs\/[^)]*\)$/)
  })
})

describe('an estimate', () => {
  it('takes the parameters of the table', () => {
    const rows = rowsUnder(estimate, 'Parameters').map((cells) => [codeOf(cells[0]), cells[1], cells[2]])
    const expected = Object.entries(estimateQuerySchema.shape).map(([name, schema]) => {
      const { type, default: initial = 'required' } = schema.meta() ?? {}
      return [name, type, String(initial)]
    })
    expect(rows).toEqual(expected)
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
    for (const path of projectFiles('docs').concat('README.md')) {
      const named = readPage(path).text.matchAll(/MODELDEX_[A-Z_]*[A-Z]/g)
      for (const [name] of named) expect(known, path).toContain(name)
    }
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
    for (const [name = '', option = ''] of rowsUnder(commands, 'All commands')) {
      command = codeOf(name) ?? command
      const isSettings = option.includes('#settings')
      const options = isSettings ? SETTING_NAMES.map((key) => SETTINGS[key][0]) : codeIn(option)
      shown.set(command, [...(shown.get(command) ?? []), ...options])
    }
    // Stands once, for all.
    shown.set('modeldex', shown.get('modeldex')?.filter((option) => option !== '--help') ?? [])
    const helped = helpOf([])
    expect(sorted(shown)).toEqual(sorted(helped))
    const short = rowsUnder(readme, 'Commands').flatMap(([cell]) => codeIn(cell))
    const names = [...helped.keys()].flatMap((name) => name.split(' ')[1] ?? [])
    expect(short.toSorted()).toEqual([...new Set(names)].sort())
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
    for (const [cell] of rowsUnder(development, 'Scripts')) {
      const command = codeOf(cell)
      expect(scripts).toHaveProperty([/^npm (?:run )?([\w:]+)/.exec(command ?? '')?.[1] ?? ''])
    }
  })

  it('has the limits of the table that the server has', () => {
    const limits = new Map(rowsUnder(operation, 'Limits').map(([what = '', limit]) => [what, limit]))
    const source = readFileSync(join(ROOT, 'src/http/server.ts'), 'utf8')
    const numberOf = (name: string) =>
      /[\d_]+/.exec(source.split(`${name}: `)[1] ?? '')?.[0].replaceAll('_', '')
    const seconds = (name: string) => `${Number(numberOf(name)) / 1000} s`
    expect(limits.get('URL and headers')).toBe(`${numberOf('maxHeaderBytes')} KiB`)
    expect(limits.get('time to send the headers, the request')).toBe(
      `${seconds('headersTimeoutMs')}, ${seconds('requestTimeoutMs')}`,
    )
    expect(limits.get('time without reading any of an answer')).toBe(seconds('stallTimeoutMs'))
    expect(limits.get('time for requests under way when the server stops')).toBe(seconds('stopGraceMs'))
    expect(operation.text).toMatch(
      new RegExp(`Idle connections stay\\s+open for ${seconds('keepAliveTimeoutMs')}`),
    )
  })

  it('has the numbers of the seed', async () => {
    const source = readFileSync(join(ROOT, 'seed/SOURCE.md'), 'utf8')
    const fact = (name: string) => new RegExp(`^- ${name}: (.*)$`, 'm').exec(source)?.[1]
    expect(readme.text).toContain(`${fact('Models')} models of ${fact('Providers')} providers come with it`)
    expect(readme.text).toContain(`The seed is the models.dev catalog of ${fact('Date')}`)
  })
})
