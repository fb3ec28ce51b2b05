// A real client against a real service: opencode, fetched from the package registry, lists what a mirror serves and
// connects to the catalog's tools. It is no part of `npm test`, which needs no network. Exits with 1 when opencode does not
// see what it should.

import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { arch } from 'node:os'
import { join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { ROOT, readPage } from '../docs/markdown.ts'
import { seededService, type TestService, temporaryFolder } from '../service.ts'

const VERSION = '1.18.34'
const CACHE = join(import.meta.dirname, '../../test-results/clients')
const INSTALL_TIMEOUT_MS = 300_000
/** It takes seconds to start. */
const RUN_TIMEOUT_MS = 120_000

const run = promisify(execFile)

/** A provider that no catalog of the world has; opencode lists those alone whose key it finds. */
const PROVIDER = {
  id: 'made-up',
  name: 'Made Up',
  env: ['MADE_UP_API_KEY'],
  npm: '@ai-sdk/openai-compatible',
  api: 'http://127.0.0.1:9/v1',
  doc: 'https://made-up.example',
  models: { 'first-1': modelOf('first-1', 'First'), 'lab/second-2': modelOf('lab/second-2', 'Second') },
}

function modelOf(id: string, name: string): object {
  return {
    id,
    name,
    attachment: false,
    reasoning: false,
    tool_call: true,
    temperature: true,
    release_date: '2026-01-01',
    last_updated: '2026-01-01',
    modalities: { input: ['text'], output: ['text'] },
    open_weights: false,
    limit: { context: 1000, output: 100 },
    cost: { input: 0.1, output: 0.2 },
  }
}

/** The program, fetched once; put into its place by a rename, so that nobody finds half of it. */
function installedOpencode(): string {
  const name = `opencode-linux-${arch()}`
  const folder = join(CACHE, `${name}-${VERSION}`)
  if (!existsSync(folder)) {
    const fetched = `${folder}-${process.pid}`
    mkdirSync(fetched, { recursive: true })
    const options = ['--prefix', fetched, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
    execFileSync('npm', ['install', ...options, `${name}@${VERSION}`], {
      cwd: fetched,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: INSTALL_TIMEOUT_MS,
    })
    renameSync(fetched, folder)
  }
  return join(folder, 'node_modules', name, 'bin/opencode')
}

/** What opencode prints, with nothing of this machine's user and no other place to ask. */
async function printedBy(program: string, args: string[], given: Record<string, string>): Promise<string> {
  const home = temporaryFolder()
  try {
    const { stdout } = await run(program, args, {
      cwd: ROOT,
      timeout: RUN_TIMEOUT_MS,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        XDG_CACHE_HOME: join(home, 'cache'),
        XDG_CONFIG_HOME: join(home, 'config'),
        XDG_DATA_HOME: join(home, 'data'),
        XDG_STATE_HOME: join(home, 'state'),
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        ...given,
      },
    })
    return stripVTControlCharacters(stdout)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** The models of what it takes for models.dev. */
async function modelsListed({ baseUrl }: TestService): Promise<string[]> {
  const env = { OPENCODE_MODELS_URL: baseUrl, MADE_UP_API_KEY: 'none' }
  const printed = await printedBy(program, ['models', '--refresh'], env)
  return printed.split('\n').filter((line) => line.includes('/'))
}

/** Whether it connects, by each of its configurations that docs/agents.md shows. */
async function connections({ baseUrl, db, token }: TestService): Promise<[type: string, isThere: boolean][]> {
  const shown = readPage('docs/agents.md').blocks.filter(({ text }) => text.includes('"mcp": {'))
  return Promise.all(
    shown.map(async ({ text }): Promise<[string, boolean]> => {
      const config = text.replace('http://127.0.0.1:8787', baseUrl).replace('/srv/modeldex/catalog.db', db)
      const env = { OPENCODE_CONFIG_CONTENT: config, MODELDEX_TOKEN: token, OPENCODE_MODELS_URL: baseUrl }
      const printed = await printedBy(program, ['mcp', 'list'], env)
      return [/"type": "(\w+)"/.exec(text)?.[1] ?? '', /modeldex connected/.test(printed)]
    }),
  )
}

const program = installedOpencode()
const service = await seededService({
  env: { MODELDEX_OPEN_MIRROR: 'true' },
  catalog: { 'made-up': PROVIDER },
})
try {
  const listed = await modelsListed(service)
  const expected = Object.keys(PROVIDER.models).map((id) => `${PROVIDER.id}/${id}`)
  const missing = expected.filter((id) => !listed.includes(id))
  console.log(`opencode ${VERSION} lists ${listed.join(', ')}`)
  if (missing.length > 0) {
    console.error(`opencode does not list ${missing.join(', ')}`)
    process.exitCode = 1
  }
  const connected = await connections(service)
  for (const [type, isThere] of connected) {
    console.log(`opencode ${VERSION} ${isThere ? 'connects' : 'does not connect'} to the ${type} server`)
  }
  if (connected.length < 2 || connected.some(([, isThere]) => !isThere)) process.exitCode = 1
} finally {
  await service.close()
}
