import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../service.ts'
import { isUsable } from './installed.ts'
import { type Block, ROOT, readPage } from './markdown.ts'

/**
 * The commands of these pages, run as written and in their order by a shell that stands in a checkout, all against the
 * service that the first of them starts. Only the port is another: the usual one may be taken.
 */
const PAGES = [
  'README.md',
  'docs/api.md',
  'docs/browse.md',
  'docs/commands.md',
  'docs/estimate.md',
  'docs/agents.md',
  'docs/formats.md',
  'docs/offers.md',
  'docs/operation.md',
  'docs/overlay.md',
]

const run = promisify(execFile)

const START_TIMEOUT_MS = 60_000
const COMMAND_TIMEOUT_MS = 60_000
const LANGUAGES = ['sh', 'text', 'json', 'yaml']
const USUAL_URL = 'http://127.0.0.1:8787'

const pages = PAGES.map((path) => ({ path, blocks: readPage(path).blocks }))
const START = 'npm ci && npm start\n'

const dir = temporaryFolder()
const env: Record<string, string> = {}
let service: ChildProcess
let greeting = ''
let url = ''

beforeAll(async () => {
  for (const [name, value] of Object.entries(process.env)) {
    const isOurs = /^(PATH|HOME|LANG|LC_|TMP|SystemRoot)/.test(name)
    if (isOurs && value !== undefined) env[name] = value
  }
  for (const name of ['package.json', 'package-lock.json', 'node_modules', 'src', 'migrations', 'seed']) {
    symlinkSync(join(ROOT, name), join(dir, name))
  }
  const { stdout: npm } = await run('sh', ['-c', 'command -v npm'])
  mkdirSync(join(dir, 'bin'))
  // This run stands on the one and is the other.
  writeFileSync(
    join(dir, 'bin/npm'),
    `#!/bin/sh\ncase "$1" in ci | test) exit 0 ;; esac\nexec "${npm.trim()}" "$@"\n`,
  )
  chmodSync(join(dir, 'bin/npm'), 0o755)
  env.PATH = `${join(dir, 'bin')}:${process.env.PATH}`
  env.npm_config_cache = join(dir, 'npm-cache')
  await start()
}, START_TIMEOUT_MS)

afterAll(async () => {
  const { pid } = service
  // npm, its shell and the service are one group.
  if (pid !== undefined && service.exitCode === null) {
    const closed = new Promise((resolve) => service.once('close', resolve))
    process.kill(-pid, 'SIGTERM')
    await closed
  }
  rmSync(dir, { recursive: true, force: true })
})

async function start(): Promise<void> {
  service = spawn('bash', ['-c', START], {
    cwd: dir,
    env: { ...env, MODELDEX_PORT: '0' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  await new Promise<void>((resolve, reject) => {
    service.stderr?.on('data', (chunk: Buffer) => {
      log += chunk
    })
    service.stdout?.on('data', (chunk: Buffer) => {
      greeting += chunk
      if (/^ {2}curl .*\n/m.test(greeting)) resolve()
    })
    service.once('close', () => reject(new Error(`${START} ended: ${greeting}${log}`)))
  })
  url = /listens on (\S+)/.exec(greeting)?.[1] ?? ''
  env.MODELDEX_TOKEN = /Token \(shown this once\): (\S+)/.exec(greeting)?.[1] ?? ''
}

/** What a shell makes of a text, as someone who pastes it would see. */
async function paste(text: string): Promise<string> {
  const script = text.replaceAll(USUAL_URL, url)
  const options = { cwd: dir, env, timeout: COMMAND_TIMEOUT_MS }
  return (await run('bash', ['-ec', script], options)).stdout
}

describe('the commands of the documentation', () => {
  it('begin with the one that starts the service', () => {
    expect(pages[0]?.blocks[0]?.text).toBe(START)
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(env.MODELDEX_TOKEN).toMatch(/^mdx_/)
  })

  it('print a curl line that works as pasted', async ({ skip }) => {
    if (!(await isUsable('curl'))) skip('curl is not installed')
    const line = /^ {2}(curl .*)$/m.exec(greeting)?.[1] ?? ''
    const { models, total } = JSON.parse(await paste(line))
    expect(models).toHaveLength(3)
    expect(total).toBeGreaterThan(3)
  })
})

describe.each(pages)('$path', ({ blocks }) => {
  it('are all in languages that this test knows', () => {
    expect(blocks.filter(({ language }) => !LANGUAGES.includes(language))).toEqual([])
  })

  it('show no output but under a command', () => {
    for (const [index, { language, line }] of blocks.entries()) {
      if (language === 'text') expect(blocks[index - 1]?.language, `line ${line}`).toBe('sh')
    }
  })

  for (const block of blocks) {
    if (block.language !== 'sh' || block.text === START) continue
    it(`line ${block.line}: ${titleOf(block)}`, { timeout: COMMAND_TIMEOUT_MS }, async ({ skip }) => {
      const [tool = ''] = block.text.split(' ')
      if (!(await isUsable(tool))) skip(`${tool} is not installed`)
      const output = await paste(block.text)
      const shown = blocks[blocks.indexOf(block) + 1]
      if (shown?.language === 'json') expect(output).toBe(JSON.stringify(JSON.parse(shown.text)))
      if (shown?.language === 'text') {
        expect(cellsOf(output)).toEqual(cellsOf(shown.text))
        if (cellsOf(shown.text).length === 0) expect(output.trim()).toBe(shown.text.trim())
      }
    })
  }
})

function titleOf({ heading, text }: Block): string {
  return `${heading}: ${text.replaceAll(/\s+/g, ' ').slice(0, 70)}`
}

/** What a table says: versions of sqlite3 draw and align it differently. */
function cellsOf(table: string): string[][] {
  const lines = table.split('\n').filter((line) => line.includes('│'))
  return lines.map((line) => line.split('│').map((cell) => cell.trim()))
}
