import { hash } from 'node:crypto'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { startService } from '../src/cli/service.ts'
import { readConfig } from '../src/config.ts'
import { type Database, openForReading } from '../src/db/open.ts'
import { ingest } from '../src/ingest/ingest.ts'
import { BINARY, greeting, runProgram, startProgram } from './cli/program.ts'
import { addDescribed, removeDescribed } from './described.ts'

export interface ServiceOptions {
  /** Environment variables of the service, over the harness's own. */
  env?: Record<string, string>
  /** A models.dev catalog to serve in place of the seed. */
  catalog?: object
  /** A catalog file to serve where it lies, in place of a fresh one. */
  db?: string
  now?: () => Date
  log?: Logger
}

export interface TestService {
  baseUrl: string
  /** A token of scope `read`; empty when authentication is off. */
  token: string
  db: string
  /** A folder of this service alone; gone once it is closed. */
  dir: string
  close(): Promise<void>
}

/** Starts the real service on a free port and a real file in a folder of its own: here, or by the binary under test. */
export async function seededService(options: ServiceOptions = {}): Promise<TestService> {
  const dir = temporaryFolder()
  try {
    const db = options.db ?? (await makeCatalog(join(dir, 'catalog.db'), options.catalog))
    const env = {
      MODELDEX_DB: db,
      MODELDEX_PORT: '0',
      MODELDEX_TOKENS_FILE: join(dir, 'tokens.json'),
      MODELDEX_LOG_LEVEL: 'silent',
      ...options.env,
    }
    const service = await (BINARY === undefined ? startHere(env, options) : startBinary(env, options))
    addDescribed(service.url)
    return {
      baseUrl: service.url,
      token: service.newToken ?? options.env?.MODELDEX_TOKEN ?? '',
      db,
      dir,
      async close() {
        await service.stop()
        removeDescribed(service.url)
        rmSync(dir, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(dir, { recursive: true, force: true })
    throw error
  }
}

type Environment = Record<string, string>

async function startHere(env: Environment, { now, log }: ServiceOptions) {
  const { config, secrets } = readConfig({}, env)
  return startService(config, secrets, { ...(now && { now }), ...(log && { log }) })
}

async function startBinary(env: Environment, { now, log }: ServiceOptions) {
  if (now ?? log) throw new Error('the binary takes neither a clock nor a log')
  const child = startProgram(['serve'], { env })
  const closed = once(child, 'close')
  const { url, token } = await greeting(child)
  const stop = async () => {
    child.kill()
    await closed
  }
  return { url, newToken: token, stop }
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'modeldex-test-'))
}

async function makeCatalog(file: string, catalog: object | undefined): Promise<string> {
  if (catalog === undefined && BINARY !== undefined) {
    // From the seed that it has inside.
    const { code, stderr } = await runProgram(['ingest', '--db', file])
    if (code !== 0) throw new Error(stderr)
    return file
  }
  if (catalog === undefined) {
    copyFileSync(await seededCatalog(), file)
    return file
  }
  const source = `${file}.json`
  writeFileSync(source, JSON.stringify(catalog))
  await ingest({ db: file, from: source })
  return file
}

const ROOT = join(import.meta.dirname, '..')
/** Whatever decides what ingesting the seed makes. */
const INGREDIENTS = ['seed', 'migrations', 'src/db', 'src/ingest', 'src/source']

/**
 * The seed as a catalog file, made once for all test files and runs: ingested aside and renamed into place, so that
 * nobody finds half of it. Copy it, never write to it.
 */
export async function seededCatalog(): Promise<string> {
  const cached = join(
    tmpdir(),
    `modeldex-seed-${hash('sha256', INGREDIENTS.map(contentOf).join()).slice(0, 16)}.db`,
  )
  if (existsSync(cached)) return cached
  const dir = temporaryFolder()
  try {
    const file = join(dir, 'catalog.db')
    await ingest({ db: file, from: 'seed', now: () => new Date('2026-10-01T00:00:00Z') })
    renameSync(file, cached)
    return cached
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** A copy of the seeded catalog, open for reading; `close` removes it too. */
export async function openSeededCopy(): Promise<{ db: Database; close(): void }> {
  const folder = temporaryFolder()
  const file = join(folder, 'catalog.db')
  copyFileSync(await seededCatalog(), file)
  const db = openForReading(file)
  return {
    db,
    close() {
      db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A catalog file of a models.dev catalog, open for reading; `close` removes it too. */
export async function openCatalogOf(catalog: object): Promise<{ db: Database; close(): void }> {
  const folder = temporaryFolder()
  const db = openForReading(await makeCatalog(join(folder, 'catalog.db'), catalog))
  return {
    db,
    close() {
      db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function contentOf(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => `${file} ${hash('sha256', readFileSync(file))}`)
    .join('\n')
}
