import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, dirname, join, normalize } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { greeting } from '../cli/program.ts'
import { readPage } from '../docs/markdown.ts'
import { temporaryFolder } from '../service.ts'

const ROOT = join(import.meta.dirname, '../..')
const NPM_TIMEOUT_MS = 90_000

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')))
const packSchema = z.tuple([
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
])

/** The environment of someone who has just this machine's Node: nothing of the checkout's, and no compiler. */
const { PATH = '', ...inherited } = process.env
const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(inherited).filter(([name]) => !/^(npm_(lifecycle|package)|MODELDEX_|INIT_CWD)/.test(name)),
  ),
  PATH: PATH.split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter),
  CC: 'false',
  CXX: 'false',
}

const dir = temporaryFolder()
const folder = join(dir, 'empty')

function run(command: string, args: string[], cwd: string) {
  return spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: NPM_TIMEOUT_MS,
  })
}

/** Packs, and installs the package into the empty folder. */
function install() {
  const packed = run('npm', ['pack', '--silent', '--json', '--pack-destination', dir], ROOT)
  const [{ filename, files }] = packSchema.parse(JSON.parse(packed.stdout))
  mkdirSync(folder)
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--fetch-retries=1']
  const installed = run('npm', ['install', '--prefix', '.', ...options, join(dir, filename)], folder)
  return { paths: files.map(({ path }) => path), installed }
}

describe('the package, installed in an empty folder', () => {
  let paths: string[] = []
  let isOffline = false

  beforeAll(() => {
    const result = install()
    paths = result.paths
    const { status, stderr } = result.installed
    isOffline =
      status !== 0 && /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ENOTCACHED/.test(stderr)
    if (!isOffline || process.env.CI) expect(status, stderr).toBe(0)
  }, 2 * NPM_TIMEOUT_MS)
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  it('holds what runs, its data and its papers, and nothing else', () => {
    const folders = new Set(paths.map((path) => path.replace(/[^/]*$/, '')))
    expect([...folders].sort()).toEqual([
      '',
      'deploy/',
      'deploy/kubernetes/',
      'deploy/nginx/',
      'deploy/systemd/',
      'dist/bundle/',
      'dist/swagger-ui/',
      'dist/web/',
      'docs/',
      'docs/decisions/',
      'migrations/',
      'migrations/meta/',
      'seed/',
      'src/',
    ])
    expect(paths).toEqual(
      expect.arrayContaining([
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'dist/bundle/main.cjs',
        'dist/swagger-ui/LICENSE',
        'dist/web/LICENSE-preact',
        'dist/web/index.html',
        'migrations/meta/_journal.json',
        'seed/LICENSE-models.dev',
        'seed/SOURCE.md',
        'seed/catalog.json',
        'src/bin.js',
      ]),
    )
    expect(paths.filter((path) => path.endsWith('.ts'))).toEqual([])
  })

  it('holds all that its pages link to', () => {
    const missing = paths
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) => readPage(path).links.map((link) => ({ path, link })))
      .filter(({ path, link }) => !/^(https?:|#)/.test(link) && !isShipped(path, link))
    expect(missing).toEqual([])
  })

  function isShipped(from: string, link: string): boolean {
    const target = normalize(join(dirname(from), link.replace(/#.*/, '')))
    return paths.some((path) => path === target || path.startsWith(`${target}/`))
  }

  it('loads nothing of drizzle', () => {
    const bundle = join(ROOT, 'dist/bundle')
    const modules = readdirSync(bundle).map((file) => readFileSync(join(bundle, file), 'utf8'))
    const imports = modules.flatMap((text) => [
      ...text.matchAll(/(?:\brequire\(|\bfrom|\bimport\(?) ?"(drizzle-orm[^"]*)"/g),
    ])
    expect(imports).toEqual([])
  })

  it('compiles nothing, and brings a Node of its own', ({ skip }) => {
    if (isOffline) skip('no network: the package was not installed')
    expect(existsSync(join(folder, 'node_modules/better-sqlite3/build'))).toBe(false)
    expect(run('npx', ['node', '--version'], folder).stdout).toMatch(/^v24\./)
  })

  it('prints its version', ({ skip }) => {
    if (isOffline) skip('no network: the package was not installed')
    expect(run('npx', ['modeldex', '--version'], folder)).toMatchObject({ status: 0, stdout: `${version}\n` })
  })

  it('serves the catalog it fills itself', async ({ skip }) => {
    if (isOffline) skip('no network: the package was not installed')
    // A group of its own: npx stands between this process and the service.
    const service = spawn('npx', ['modeldex', 'serve', '--port', '0'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    try {
      const { url, token } = await greeting(service)
      const address = `${url}/api/v1/inference/catalog?query=claude&limit=3`
      expect((await fetch(address)).status).toBe(401)
      const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } })
      expect(response.status).toBe(200)
      expect(await response.text()).toContain('claude')
      expect((await fetch(`${url}/openapi.json`)).status).toBe(200)
      expect((await fetch(`${url}/docs/swagger-ui-bundle.js`)).status).toBe(200)
      expect((await fetch(`${url}/`)).status).toBe(200)
      expect((await fetch(`${url}/assets/page.js`)).status).toBe(200)
    } finally {
      if (service.pid !== undefined && service.exitCode === null) process.kill(-service.pid, 'SIGTERM')
    }
  })

  it('answers SQL from a process of its own', ({ skip }) => {
    if (isOffline) skip('no network: the package was not installed')
    expect(run('npx', ['modeldex', 'ingest'], folder).status).toBe(0)
    const { status, stdout } = run('npx', ['modeldex', 'sql', '--csv', 'SELECT 1 AS one'], folder)
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'one\r\n1\r\n' })
  })

  it('is refused in one line by a Node too old', ({ skip }) => {
    if (isOffline) skip('no network: the package was not installed')
    const [major = 0] = run('node', ['--print', 'process.versions.node'], folder)
      .stdout.split('.')
      .map(Number)
    if (major === 0 || major >= 22) skip('the Node of this machine is not too old')
    const { status, stdout, stderr } = run('node', ['node_modules/modeldex/src/bin.js', 'serve'], folder)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^modeldex needs Node 22\.14 or newer, this is [\d.]+\n$/)
  })
})
