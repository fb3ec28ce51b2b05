import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseBrowseQuery } from '../../src/catalog/browse-params.ts'
import { openCatalog } from '../../src/catalog/catalog.ts'
import { SORTS } from '../../src/catalog/orders.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'
import { runProgram } from './program.ts'
import { runInTerminal } from './terminal.ts'

const dir = temporaryFolder()
const hostileDb = join(dir, 'hostile.db')
let db = ''

beforeAll(async () => {
  db = await seededCatalog()
  const source = join(dir, 'hostile.json')
  const model = (name: string, more: object = {}) => ({
    name,
    release_date: '2026-01-02',
    last_updated: '2026-01-02',
    attachment: false,
    reasoning: false,
    tool_call: true,
    open_weights: true,
    modalities: { input: ['text'], output: ['text'] },
    limit: { context: 131_072, output: 8192 },
    ...more,
  })
  writeFileSync(
    source,
    JSON.stringify({
      acme: {
        id: 'acme',
        name: 'Acme',
        env: ['ACME_API_KEY'],
        npm: '@ai-sdk/openai-compatible',
        doc: 'https://acme.example/docs',
        models: {
          wide: model('東京言語モデル・大規模', { cost: { input: 0, output: 0 } }),
          old: model('Old one', { status: 'deprecated', cost: { input: 0.075, output: 12.5 } }),
          red: model('\u001b[31mRed\u001b[0m\u009b2J\u202egnorw', { limit: { context: 0, output: 0 } }),
        },
      },
    }),
  )
  await ingest({ db: hostileDb, from: source })
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function search(...args: string[]) {
  return runProgram(['search', ...args, '--db', db])
}

const lines = (text: string) => text.trimEnd().split('\n')
describe('search', () => {
  it('finds models in the order of the routes', async () => {
    const { code, stdout, stderr } = await search('kimi', 'k3', '--limit', '2')
    expect(code).toBe(0)
    expect(lines(stdout)[0]).toMatch(/^ID +NAME +CONTEXT +INPUT +OUTPUT +RELEASED +CAPABILITIES$/)
    expect(lines(stdout)[1]).toMatch(/^moonshotai\/kimi-k3 +Kimi K3 +1M +\$3\.00 +\$15\.00 +2026-07-16 +/)
    expect(stderr).toMatch(/^2 of \d+ models; --limit shows more\n$/)
  })

  it('narrows by what models are', async () => {
    const filters = ['--capability', 'reasoning', '--capability=tool_call', '--open-weights']
    const bounds = [
      '--min-context',
      '200000',
      '--max-context',
      '300000',
      '--max-price',
      '2',
      '--min-price=.1',
    ]
    const { stdout } = await search('--provider', 'OpenRouter', ...filters, ...bounds, '--json')
    const { models, total } = JSON.parse(stdout)
    expect(total).toBeGreaterThan(1)
    for (const { provider, capabilities, limits, cost, open_weights } of models) {
      expect({ provider, open_weights }).toEqual({ provider: 'openrouter', open_weights: true })
      expect(capabilities).toEqual(expect.arrayContaining(['reasoning', 'tool_call']))
      expect(limits.context).toBeGreaterThanOrEqual(200_000)
      expect(limits.context).toBeLessThanOrEqual(300_000)
      expect(Math.max(cost.input, cost.output)).toBeLessThanOrEqual(2)
    }
  })

  it.each(SORTS)('sorts by %s as the list of models does', async (sort) => {
    const { code, stdout } = await search(
      '--provider',
      'openai',
      '--sort',
      sort,
      '--limit',
      '5',
      '--offset=5',
      '--json',
    )
    expect(code).toBe(0)
    const catalog = openCatalog(db)
    const pairs = Object.entries({ provider: 'openai', sort, limit: '5', offset: '5' })
    expect(JSON.parse(stdout)).toEqual(JSON.parse(String(catalog.browse(parseBrowseQuery(pairs)).body)))
    catalog.close()
  })

  it('narrows by family, status, modality and release', async () => {
    const args = [
      '--family',
      'GPT',
      '--status=none',
      '--input-modality=text,image',
      '--output-modality',
      'text',
    ]
    const { stdout } = await search(...args, '--released-after', '2024-05', '--json')
    const { models, total } = JSON.parse(stdout)
    expect(total).toBeGreaterThan(1)
    for (const { status, modalities, release_date } of models) {
      expect(status).toBeNull()
      expect(modalities.input).toEqual(expect.arrayContaining(['text', 'image']))
      expect(release_date >= '2024-05').toBe(true)
    }
  })

  it('asks back where nothing is found', async () => {
    const { code, stdout, stderr } = await search('opsu')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe('modeldex: no model found; did you mean "opus"?\n')
    const json = await search('opsu', '--json')
    expect({ code: json.code, answer: JSON.parse(json.stdout) }).toEqual({
      code: 1,
      answer: { models: [], total: 0 },
    })
  })

  it.each([
    ['a limit of none', ['--limit', '0'], '--limit: must be a whole number of at least 1, not "0"'],
    ['a negative limit', ['--limit', '-1'], '--limit: must be a whole number of at least 1, not "-1"'],
    ['a price that is none', ['--max-price=1,5'], '--max-price: must be a number, not "1,5"'],
    [
      'a date that is none',
      ['--released-after=2026-13'],
      '--released-after: must be a year, a month or a day',
    ],
    ['a range of nothing', ['--min-price=2', '--max-price=1'], '--min-price (2) is above --max-price (1)'],
    ['an option that is none', ['--provder', 'x'], "unknown option '--provder' (Did you mean --provider?)"],
    ['a value too many', ['--json=yes'], "unknown option '--json=yes'"],
  ])('refuses %s', async (_what, args, message) => {
    const { code, stdout, stderr } = await search(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(`modeldex: ${message}`)
  })

  it('makes no catalog, but says how to', async () => {
    const { code, stderr } = await runProgram(['search', 'opus'], { cwd: dir })
    expect(code).toBe(1)
    expect(stderr).toBe(
      'modeldex: there is no catalog file data/catalog.db: make one with: modeldex ingest --db "data/catalog.db"\n',
    )
  })

  it('tells a misspelt variable, whatever it is for', async () => {
    const { code, stderr } = await runProgram(['search', 'opus'], { env: { MODELDEX_BD: 'x' } })
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'modeldex: MODELDEX_BD: no such setting\n' })
  })
})

describe('the table', () => {
  const hostile = ['search', '--db', hostileDb]

  it('says unknown, free and deprecated, and sends nothing that a terminal obeys', async () => {
    const { stdout } = await runProgram(hostile)
    expect(stdout).toBe(
      [
        'ID         NAME                    CONTEXT   INPUT  OUTPUT  RELEASED    CAPABILITIES  STATUS',
        'acme/red   �[31mRed�[0m�2J�gnorw         –       –       –  2026-01-02  tool_call',
        'acme/wide  東京言語モデル・大規模     128k    free    free  2026-01-02  tool_call',
        'acme/old   Old one                    128k  $0.075  $12.50  2026-01-02  tool_call     deprecated',
        '',
      ].join('\n'),
    )
  })

  it.each([100, 80, 60, 40, 20])('fits a terminal of %d columns', async (columns) => {
    const shown = await runInTerminal(['search', 'claude', 'opus', '--db', db, '--limit', '5'], { columns })
    const table = lines(stripVTControlCharacters(shown)).slice(0, -1)
    for (const line of table) expect(line.length).toBeLessThanOrEqual(columns)
    expect(table.length).toBeGreaterThanOrEqual(6)
    expect(table[1]).toMatch(/^anthropic\/claude-/)
  })

  it('leaves out what matters least, and cuts what is long', async () => {
    const shown = await runInTerminal([...hostile], { columns: 44, env: { NO_COLOR: '1' } })
    expect(shown).toBe(
      [
        'ID         CONTEXT   INPUT  OUTPUT  STATUS',
        'acme/red         –       –       –',
        'acme/wide     128k    free    free',
        'acme/old      128k  $0.075  $12.50  depreca…',
        '',
      ].join('\n'),
    )
  })

  it.each([
    ['a terminal', {}, true],
    ['a terminal that has none', { TERM: 'dumb' }, false],
    ['one who wants none', { NO_COLOR: '1' }, false],
  ])('colours for %s', async (_who, env, isColoured) => {
    const shown = await runInTerminal(hostile, { columns: 100, env })
    expect(shown.includes('\u001b[')).toBe(isColoured)
  })

  it('colours a pipe only where that is forced', async () => {
    const { stdout } = await runProgram(hostile, { env: { FORCE_COLOR: '1' } })
    expect(stdout).toContain('\u001b[1mID ')
    expect((await runProgram(hostile)).stdout).not.toContain('\u001b')
  })

  it('escapes in JSON what a terminal obeys', async () => {
    const { stdout } = await runProgram([...hostile, '--json'])
    for (const obeyed of ['\u001b', '\u009b']) expect(stdout).not.toContain(obeyed)
    expect(JSON.parse(stdout).models[0].name).toBe('\u001b[31mRed\u001b[0m\u009b2J\u202egnorw')
  })
})
