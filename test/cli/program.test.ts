import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BIN, runProgram } from './program.ts'

const { version } = JSON.parse(readFileSync(join(BIN, '../../package.json'), 'utf8'))

it('prints its version', async () => {
  expect(await runProgram(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})

it.each([[['--help']], [['serve', '--help']], [['ingest', '--help']], [['token', 'create', '--help']]])(
  'explains itself: %j',
  async (args) => {
    const { code, stdout, stderr } = await runProgram(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Usage: modeldex /)
  },
)

describe('used wrongly it exits 2 and says why in one line', () => {
  it.each<[name: string, args: string[], env: Record<string, string>, line: RegExp]>([
    ['an unknown command', ['frobnicate'], {}, /unknown command 'frobnicate'/],
    ['an unknown option', ['serve', '--prot', '1'], {}, /unknown option '--prot' \(Did you mean --port\?\)/],
    ['an option that does not exist', ['serve', '--tls-key', 'k'], {}, /unknown option '--tls-key'/],
    ['an option without its value', ['serve', '--port'], {}, /--port <number>/],
    ['a missing argument', ['token', 'create'], {}, /missing required argument 'name'/],
    ['an argument too many', ['token', 'list', 'all'], {}, /too many arguments/],
    [
      'a scope nobody knows',
      ['token', 'create', 'a', '--scope', 'all'],
      {},
      /Allowed choices are read, sql, admin/,
    ],
    ['a token name that is none', ['token', 'create', 'a b'], {}, /"a b" is no token name/],
    ['an expiry that is none', ['token', 'create', 'a', '--expires', 'soon'], {}, /--expires: "soon"/],
    ['a wrong flag', ['serve', '--port', '99999'], {}, /--port: must be a whole number from 0 to 65535/],
    ['a wrong variable', ['serve'], { MODELDEX_PORT: 'x' }, /MODELDEX_PORT: must be/],
    ['an unknown variable', ['token', 'list'], { MODELDEX_TYPO: 'x' }, /MODELDEX_TYPO: no such setting/],
    ['no authentication for all', ['serve', '--no-auth', '--host', '0.0.0.0'], {}, /--allow-remote/],
  ])('%s', async (_name, args, env, line) => {
    const { code, stdout, stderr } = await runProgram(args, { env })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^modeldex: [^\n]+\n$/)
    expect(stderr).toMatch(line)
  })

  it('no command at all', async () => {
    const { code, stdout, stderr } = await runProgram([])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^Usage: modeldex /)
  })
})

describe('a Node too old is refused in one line', () => {
  const pretend = (version: string) => {
    const versions = `{ value: { ...process.versions, node: '${version}' } }`
    return ['--import', `data:text/javascript,Object.defineProperty(process, 'versions', ${versions})`]
  }
  it.each([
    ['20.20.2', pretend('20.20.2'), /needs Node 22\.14 or newer, this is 20\.20\.2/],
    ['22.13.9', pretend('22.13.9'), /needs Node 22\.14 or newer, this is 22\.13\.9/],
    [
      'one that runs no TypeScript',
      ['--no-experimental-strip-types'],
      /needs Node 22\.18 or newer.* from its sources/,
    ],
  ])('%s', async (_name, node, line) => {
    const { code, stdout, stderr } = await runProgram(['--version'], { node })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^[^\n]+\n$/)
    expect(stderr).toMatch(line)
  })
})

it('has no licences to print where nothing is inside', async () => {
  const { code, stdout, stderr } = await runProgram(['licenses'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toBe('modeldex: nothing is inside this modeldex: each package brings its own licence\n')
})
