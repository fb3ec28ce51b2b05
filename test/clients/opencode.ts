// A real client against a real service: opencode, fetched from the package registry, lists what a mirror serves. It is no
// part of `npm test`, which needs no network. Exits with 1 when opencode does not see what it should.

import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { arch } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { seededService, temporaryFolder } from '../service.ts'

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

/** What opencode lists, with nothing of this machine's user and no other place to ask. */
async function listedBy(program: string, mirror: string): Promise<string[]> {
  const home = temporaryFolder()
  try {
    const { stdout } = await run(program, ['models', '--refresh'], {
      cwd: home,
      timeout: RUN_TIMEOUT_MS,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        XDG_CACHE_HOME: join(home, 'cache'),
        XDG_CONFIG_HOME: join(home, 'config'),
        XDG_DATA_HOME: join(home, 'data'),
        XDG_STATE_HOME: join(home, 'state'),
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_MODELS_URL: mirror,
        MADE_UP_API_KEY: 'none',
      },
    })
    return stdout.split('\n').filter((line) => line.includes('/'))
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

const program = installedOpencode()
const service = await seededService({
  env: { MODELDEX_OPEN_MIRROR: 'true' },
  catalog: { 'made-up': PROVIDER },
})
try {
  const listed = await listedBy(program, service.baseUrl)
  const expected = Object.keys(PROVIDER.models).map((id) => `${PROVIDER.id}/${id}`)
  const missing = expected.filter((id) => !listed.includes(id))
  console.log(`opencode ${VERSION} lists ${listed.join(', ')}`)
  if (missing.length > 0) {
    console.error(`opencode does not list ${missing.join(', ')}`)
    process.exitCode = 1
  }
} finally {
  await service.close()
}
