import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededService, type TestService } from '../service.ts'
import { BINARY, runProgram } from './program.ts'

let service: TestService
beforeAll(async () => {
  service = await seededService()
})
afterAll(() => service.close())

function run(...args: string[]) {
  return runProgram([...args, '--db', service.db])
}

async function answerOf(path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${service.token}` }
  return (await fetch(`${service.baseUrl}/api/v1/inference/${path}`, { headers })).json()
}

const MODEL = 'google/gemini-2.5-pro'
/** Runs what follows, and reads one line of what it prints. */
const READS_A_LINE = ['bash', '--norc', '-c', 'set -o pipefail; "$@" | head -1', 'bash']

describe('the JSON of a look-up is that of its route', () => {
  it.each([
    ['search', ['search', 'kimi', 'k3', '--limit', '3'], 'catalog?query=kimi+k3&limit=3'],
    ['show', ['show', MODEL], `models/${MODEL}`],
    ['providers', ['providers', 'open'], 'providers?query=open'],
    ['resolve', ['resolve', 'gpt-4o', '--limit', '3'], 'resolve?id=gpt-4o&limit=3'],
    [
      'estimate',
      ['estimate', MODEL, '--input', '250000', '--cache-read', '1000', '--output=5', '--requests', '7'],
      `estimate?id=${MODEL}&input_tokens=250000&cache_read_tokens=1000&output_tokens=5&requests=7`,
    ],
  ])('%s', async (_command, args, path) => {
    const { code, stdout, stderr } = await run(...args, '--json')
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toEqual(await answerOf(path))
  })
})

describe('show', () => {
  it('tells all about a model', async () => {
    const { code, stdout, stderr } = await run('show', MODEL)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^google\/gemini-2\.5-pro {2}Gemini 2\.5 Pro\n/)
    expect(stdout).toMatch(/^input +\$1\.25, above 200k \$2\.50$/m)
    expect(stdout).toMatch(/^context +1M \(1,048,576 tokens\)$/m)
    expect(stdout).toMatch(/^offered by +its maker$/m)
  })

  it('offers near ids for one that is not there', async () => {
    const { code, stdout, stderr } = await run('show', 'Google/Gemini-2.5-pro')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^modeldex: No model Google\/Gemini-2\.5-pro\. Did you mean google\/gemini-2\.5-pro/,
    )
  })

  it('sends nothing that a terminal obeys, not even of what it was given', async () => {
    const { stderr } = await run('show', 'a/\u001b[31m')
    expect(stderr).toBe('modeldex: No model a/�[31m.\n')
  })
})

describe('compare', () => {
  it('puts models side by side', async () => {
    const { code, stdout } = await run('compare', MODEL, 'moonshotai/kimi-k3')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ +google\/gemini-2\.5-pro +moonshotai\/kimi-k3\n/)
    expect(stdout).toMatch(/^input +\$1\.25 +\$3\.00$/m)
    expect(stdout).toMatch(/^open weights +no +yes$/m)
    const json = await run('compare', MODEL, 'moonshotai/kimi-k3', '--json')
    expect(JSON.parse(json.stdout)).toEqual({
      models: [await answerOf(`catalog/${MODEL}`), await answerOf('catalog/moonshotai/kimi-k3')],
    })
  })

  it('names the one that is not there', async () => {
    const { code, stdout, stderr } = await run('compare', MODEL, 'moonshotai/kimi-k33')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('No model moonshotai/kimi-k33')
  })
})

describe('providers', () => {
  it('tells what each needs', async () => {
    const { code, stdout } = await run('providers', 'openai')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^openai +OpenAI +\d+ +OPENAI_API_KEY +@ai-sdk\/openai +https:/m)
    expect(await run('providers', 'nobody')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'modeldex: no provider\'s id or name holds "nobody"\n',
    })
  })
})

describe('resolve', () => {
  it('tells what an id means, and why', async () => {
    const { code, stdout, stderr } = await run('resolve', 'gpt-4o', '--limit', '2')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^openai\/gpt-4o +litellm key +openai\/gpt-4o +128k +\$2\.50 +\$10\.00$/m)
    expect(stderr).toMatch(/^2 of \d+ matches; --limit shows more\n$/)
  })

  it('gives no match rather than a near one', async () => {
    expect(await run('resolve', 'gpt-4xo')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'modeldex: "gpt-4xo" is no model\'s id in any spelling that is known\n',
    })
    const { code, stderr } = await run('resolve', 'gpt-4o', '--limit', '101')
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'modeldex: --limit: must be at most 100\n' })
  })
})

describe('estimate', () => {
  it('tells what each kind of tokens costs', async () => {
    const { code, stdout } = await run(
      'estimate',
      MODEL,
      '--input',
      '250000',
      '--output',
      '1000',
      '--requests=1000',
    )
    expect(code).toBe(0)
    expect(stdout).toMatch(/^google\/gemini-2\.5-pro +TOKENS +PER 1M ABOVE 200k +USD\n/)
    expect(stdout).toMatch(/^input +250,000 +\$2\.50 +\$0\.625$/m)
    expect(stdout).toMatch(/^1,000 requests +\$640\.00$/m)
  })

  it.each([
    ['no tokens', [], 2, '--input: is missing, and so are all other tokens'],
    ['half a token', ['--output', '0.5'], 2, '--output: must be an integer'],
    ['no requests', ['--input', '1', '--requests', '0'], 2, '--requests: must be at least 1'],
  ])('refuses %s', async (_what, args, exitCode, message) => {
    const { code, stdout, stderr } = await run('estimate', MODEL, ...args)
    expect({ code, stdout, stderr }).toEqual({ code: exitCode, stdout: '', stderr: `modeldex: ${message}\n` })
  })
})

describe('export', () => {
  it.each([
    ['api.json', '/api.json'],
    ['models.json', '/models.json'],
    ['catalog.json', '/catalog.json'],
    ['litellm', '/litellm/model_prices_and_context_window.json'],
    ['csv', '/api/v1/inference/models?format=csv'],
    ['ndjson', '/api/v1/inference/models?format=ndjson'],
  ])('writes %s as its route does', async (format, path) => {
    const { code, stdout, stderr } = await run('export', '--format', format)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const headers = { authorization: `Bearer ${service.token}` }
    expect(stdout === (await (await fetch(`${service.baseUrl}${path}`, { headers })).text())).toBe(true)
  })

  it('needs a format that it knows', async () => {
    expect((await run('export')).stderr).toMatch(/^modeldex: --format: name one of api\.json, /)
    expect((await run('export', '--format', 'xml')).code).toBe(2)
  })

  it('ends quietly when nobody reads on', async () => {
    const { code, stdout, stderr } = await runProgram(['export', '--format', 'csv', '--db', service.db], {
      wrapper: READS_A_LINE,
    })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^id,provider,[^\n]*\n$/)
  })
})

it.each([
  ['show', 'kimi-k3'],
  ['compare', MODEL, 'kimi-k3'],
])('%s takes ids with their provider', async (...args) => {
  const { code, stderr } = await run(...args)
  expect(code).toBe(2)
  expect(stderr).toBe('modeldex: "kimi-k3" is no model: write provider/model_id\n')
})

// The binary has all of it in one file.
describe.runIf(BINARY === undefined)('what is asked most often starts without what only servers need', () => {
  /** Tells each module that is loaded on standard error. */
  const TELL_MODULES = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module'
    registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) })
  `)}`

  it.each([[['search', 'opus']], [['compare', MODEL, 'openai/gpt-5.6']]])('%j', async (args) => {
    const { stderr } = await runProgram([...args, '--db', service.db], { node: ['--import', TELL_MODULES] })
    expect(stderr).toMatch(/src\/catalog\/catalog\.ts/)
    expect(stderr).not.toMatch(/node_modules\/(zod|express|pino)\//)
  })
})

// The binary takes no arguments for Node.
describe.runIf(BINARY === undefined)('ends by having no more to do: an exit can wait for V8 forever', () => {
  const REFUSE_EXIT = `data:text/javascript,${encodeURIComponent(`
    process.reallyExit = () => { throw new Error('left early') }
  `)}`
  const node = ['--import', REFUSE_EXIT]

  it.each([[['search', 'opus']], [['search', 'nothing-is-called-so']], [['providers', '--json']]])(
    '%j',
    async (args) => {
      const { stderr } = await runProgram([...args, '--db', service.db], { node })
      expect(stderr).not.toContain('left early')
    },
  )

  it('when nobody reads on', async () => {
    const args = ['export', '--format', 'csv', '--db', service.db]
    const { code, stderr } = await runProgram(args, { wrapper: READS_A_LINE, node })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})
