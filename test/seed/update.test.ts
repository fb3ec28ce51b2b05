import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatCatalog } from '../../seed/catalog-file.ts'
import { FIXTURES, readText, SEED } from './read-seed.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'modeldex-seed-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

type Run = { code: number; stdout: string; stderr: string }

/** The script as a user runs it: `node seed/update.ts ARGS`. */
function update(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(SEED, 'update.ts'), ...args], (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1
      resolve({ code, stdout, stderr })
    })
  })
}

function file(name: string, content: string | Buffer): string {
  const path = join(dir, name)
  writeFileSync(path, content)
  return path
}

const CATALOG = readFileSync(join(FIXTURES, 'interleaved.json'), 'utf8')

describe('seed:update', () => {
  test('makes the same bytes again from its own output', async () => {
    const args = ['--from', join(SEED, 'catalog.json'), '--date', '2026-09-30', '--out', join(dir, 'out')]
    expect(await update(...args)).toEqual({
      code: 0,
      stdout: 'seed: 225 providers, 8,337 models\n',
      stderr: '',
    })
    expect(readdirSync(join(dir, 'out')).sort()).toEqual(['SOURCE.md', 'catalog.json'])
    expect(readFileSync(join(dir, 'out/catalog.json'), 'utf8')).toBe(readText('catalog.json'))
  })

  test('writes origin, date and licence into SOURCE.md, and no path of this machine', async () => {
    const from = file('api.json', CATALOG)
    const words = ['--origin', 'a \n b', '--licence', 'MIT', '--date', '2026-02-28']
    await update('--from', from, ...words, '--out', dir)
    const source = readFileSync(join(dir, 'SOURCE.md'), 'utf8')
    expect(source).toContain('- Origin: a b\n')
    expect(source).toContain('- Date: 2026-02-28\n')
    expect(source).toContain('- Licence: MIT\n')
    await update('--from', from, '--out', dir)
    const again = readFileSync(join(dir, 'SOURCE.md'), 'utf8')
    expect(again).toContain('- Origin: the file api.json\n')
    expect(again).not.toContain(dir)
  })

  test('reads an address, and reports one that fails', async () => {
    const server = createServer((request, response) => {
      response.statusCode = request.url?.startsWith('/api.json') ? 200 : 404
      response.end(CATALOG)
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    try {
      expect((await update('--from', `${base}/api.json?key=secret`, '--out', dir)).code).toBe(0)
      expect(readFileSync(join(dir, 'catalog.json'), 'utf8')).toBe(CATALOG)
      expect(readFileSync(join(dir, 'SOURCE.md'), 'utf8')).toContain(`- Origin: ${base}/api.json\n`)
      const missing = await update('--from', `${base}/gone`, '--out', dir)
      expect(missing).toEqual({ code: 1, stdout: '', stderr: `seed:update: ${base}/gone answered 404\n` })
    } finally {
      server.close()
    }
    const refused = await update('--from', `${base}/api.json`, '--out', dir)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/^seed:update: fetch failed: .*ECONNREFUSED.*\n$/)
  })

  const model = '{"id":"m","name":"M","cost":{"input":NUMBER}}'
  const withNumber = (number: string) => `{"p":{"id":"p","models":{"m":${model.replace('NUMBER', number)}}}}`
  test.each([
    ['HTML', '<!doctype html><title>Not found</title>', 'is no JSON'],
    ['a truncated file', CATALOG.slice(0, 900), 'is no JSON'],
    ['an empty file', '', 'is no JSON'],
    ['an array', '[]', 'not an object of providers'],
    ['an empty object', '{}', 'holds no model'],
    ['null', 'null', 'not an object of providers'],
    ['an error envelope', '{"error":{"message":"no"}}', 'provider "error" has no models'],
    ['a list of models', '{"p":{"id":"p","models":[]}}', 'provider "p" has no models'],
    ['a model that is none', '{"p":{"id":"p","models":{"m":1}}}', 'model "p/m" is no object'],
    ['a number too long', withNumber('0.1234567890123456789'), 'would lose digits: 0.1234567890123456789'],
    ['a number too great', withNumber('1e999'), 'would lose digits: 1e999'],
    ['an integer too great', withNumber('9007199254740993'), 'would lose digits: 9007199254740993'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'is no UTF-8 text'],
  ])('refuses %s in one line and leaves what is there', async (_what, content, message) => {
    const from = file('bad.json', content)
    file('catalog.json', 'old')
    file('SOURCE.md', 'old')
    const { code, stdout, stderr } = await update('--from', from, '--out', dir)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^seed:update: [^\n]+\n$/)
    expect(stderr).toContain(message)
    expect(readdirSync(dir).sort()).toEqual(['SOURCE.md', 'bad.json', 'catalog.json'])
    expect(readFileSync(join(dir, 'catalog.json'), 'utf8')).toBe('old')
    expect(readFileSync(join(dir, 'SOURCE.md'), 'utf8')).toBe('old')
  })

  test('a file that is not there fails in one line', async () => {
    const { code, stderr } = await update('--from', join(dir, 'none.json'), '--out', dir)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^seed:update: ENOENT[^\n]+\n$/)
  })

  test.each([
    ['no --from', [], "required option '--from <file|url>' not specified"],
    ['a blank --from', ['--from', ' '], 'Must not be blank'],
    ['another scheme', ['--from', 'ftp://example.com/api.json'], 'Must be a file or an http(s) address'],
    ['a day that is none', ['--from', 'x', '--date', '2026-02-30'], 'Must be a day, YYYY-MM-DD'],
    ['an unknown option', ['--from', 'x', '--force'], "unknown option '--force'"],
    ['a stray argument', ['--from', 'x', 'y'], 'too many arguments'],
  ])('%s is misuse', async (_what, args, message) => {
    const { code, stdout, stderr } = await update(...args, '--out', dir)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  test('--help names every option', async () => {
    const { code, stdout } = await update('--help')
    expect(code).toBe(0)
    const options = ['--from', '--origin', '--licence', '--date', '--out']
    expect(options.filter((option) => !stdout.includes(option))).toEqual([])
  })
})

describe('the format', () => {
  test('depends neither on the order sent nor on keys that look like integers', () => {
    const models = [
      '"b":{"id":"b"}',
      '"10":{"id":"10"}',
      '"9":{"id":"9"}',
      '"B":{"id":"B"}',
      '"__proto__":{"id":"p"}',
    ]
    const sources = [models, [...models].reverse()].map(
      (list) => `{"z":{"models":{${list.join(',')}}},"1":{"models":{}}}`,
    )
    const [text = '', other] = sources.map((source) => formatCatalog(source).text)
    expect(other).toBe(text)
    const ids = ['10', '9', 'B', '__proto__', 'b']
    const lines = ids.map((id) => `"${id}":{"id":"${id === '__proto__' ? 'p' : id}"}`)
    expect(text).toBe(`{\n"1":{"models":{}},\n"z":{"models":{\n${lines.join(',\n')}\n}}\n}\n`)
  })

  test('drops prose wherever it stands, but neither a model of that name nor what goes over the wire', () => {
    const modes = '{"fast":{"description":"Quick.","provider":{"body":{"description":"kept"}}}}'
    const model = `{"id":"description","description":"Nice.","experimental":{"modes":${modes}}}`
    const { text, descriptions } = formatCatalog(
      `{"p":{"description":"A shop.","models":{"description":${model}}}}`,
    )
    const kept = '"experimental":{"modes":{"fast":{"provider":{"body":{"description":"kept"}}}}}'
    expect(text).toBe(`{\n"p":{"models":{\n"description":{"id":"description",${kept}}\n}}\n}\n`)
    expect(descriptions).toEqual({ providers: 1, models: 1, inside: 1 })
  })

  test.each(['0.049999999999999996', '1e-7', '1.10', '0', '-1', '99999999', '2.5E+3'])(
    'keeps the value of %s',
    (number) => {
      const { text } = formatCatalog(`{"p":{"models":{"m":{"cost":{"input":${number}}}}}}`)
      expect(JSON.parse(text)).toEqual({ p: { models: { m: { cost: { input: Number(number) } } } } })
    },
  )
})
