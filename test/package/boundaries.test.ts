import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '../..')
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome')

/** Which folders of `src/` each one may import from. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  program: [],
  source: ['program'],
  db: ['program'],
  web: [],
  ingest: ['source', 'db'],
  catalog: ['db'],
  snapshot: ['db', 'ingest', 'program', 'source'],
  sql: ['db', 'program'],
  history: ['catalog', 'db', 'ingest', 'source'],
  formats: ['catalog', 'db'],
  mcp: ['catalog', 'db', 'history'],
  http: ['catalog', 'formats', 'history', 'mcp', 'program'],
  openapi: ['catalog', 'formats', 'history', 'http'],
  cli: [
    ...['source', 'db', 'web', 'ingest', 'catalog', 'snapshot', 'sql', 'history', 'formats', 'mcp', 'http'],
    ...['openapi', 'program'],
  ],
}
const FOLDERS = Object.keys(MAY_IMPORT)

const IMPORTS = 'lint/style/noRestrictedImports'
const ENVIRONMENT = 'lint/style/noProcessEnv'
const CYCLES = 'lint/suspicious/noImportCycles'

/** A file planted for one case; `rule` is what must refuse it, `undefined` where nothing may. */
type Planted = { what: string; file: string; text: string; rule: string | undefined }

const between: Planted[] = FOLDERS.flatMap((from) =>
  FOLDERS.filter((to) => to !== from).map((to) => {
    const isAllowed = MAY_IMPORT[from]?.includes(to) === true
    return {
      what: `${from} ${isAllowed ? 'may' : 'may not'} import ${to}`,
      file: `src/${from}/planted-${to}.ts`,
      text: `import { x } from '../${to}/x.ts'\nexport const y = x\n`,
      rule: isAllowed ? undefined : IMPORTS,
    }
  }),
)

const shared: Planted[] = FOLDERS.filter((folder) => folder !== 'cli').flatMap((folder) => [
  {
    what: `${folder} may import errors.ts`,
    file: `src/${folder}/planted-errors.ts`,
    text: `import { AppError } from '../errors.ts'\nexport const y = AppError\n`,
    rule: undefined,
  },
  {
    what: `${folder} may import the types of config.ts`,
    file: `src/${folder}/planted-config-types.ts`,
    text: `import type { Config, Secrets } from '../config.ts'\nexport type Y = Config | Secrets\n`,
    rule: undefined,
  },
  {
    what: `${folder} may not import values of config.ts`,
    file: `src/${folder}/planted-config-values.ts`,
    text: `import { readConfig } from '../config.ts'\nexport const y = readConfig\n`,
    rule: IMPORTS,
  },
  {
    what: `${folder} may not import main.ts`,
    file: `src/${folder}/planted-main.ts`,
    text: `import '../main.ts'\n`,
    rule: IMPORTS,
  },
])

const driver: Planted[] = FOLDERS.map((folder) => ({
  what: `${folder} may not import the driver`,
  file: `src/${folder}/planted-driver.ts`,
  text: `import Sqlite from 'better-sqlite3'\nexport const y = new Sqlite(':memory:')\n`,
  rule: IMPORTS,
}))

const environment: Planted[] = FOLDERS.map((folder) => ({
  what: `${folder} may not read the environment`,
  file: `src/${folder}/planted-environment.ts`,
  text: `export const y = process.env.HOME\n`,
  rule: ENVIRONMENT,
}))

const ways: Planted[] = [
  ['import type', `import type { X } from '../http/x.ts'\nexport type Y = X\n`],
  ['export from', `export { x } from '../http/x.ts'\n`],
  ['import on demand', `export const y = () => import('../http/x.ts')\n`],
  ['a path around', `import { x } from './../http/x.ts'\nexport const y = x\n`],
  ['a path through the top', `import { x } from '../../src/http/x.ts'\nexport const y = x\n`],
  ['a folder nobody knows', `import { x } from '../helpers/x.ts'\nexport const y = x\n`],
].map(([what = '', text = ''], place) => ({
  what: `sees through ${what}`,
  file: `src/catalog/planted-way-${place}.ts`,
  text,
  rule: IMPORTS,
}))

const others: Planted[] = [
  {
    what: 'main.ts may import the cli',
    file: 'src/main.ts',
    text: `import { runCli } from './cli/program.ts'\nvoid runCli([])\n`,
    rule: undefined,
  },
  {
    what: 'config.ts may not import a folder',
    file: 'src/config.ts',
    text: `import { x } from './http/x.ts'\nexport const y = x\n`,
    rule: IMPORTS,
  },
  {
    what: 'errors.ts may not import config.ts',
    file: 'src/errors.ts',
    text: `import { x } from './config.ts'\nexport const y = x\n`,
    rule: IMPORTS,
  },
  {
    what: 'db/open.ts may import the driver',
    file: 'src/db/open.ts',
    text: `import Sqlite from 'better-sqlite3'\nexport const y = new Sqlite(':memory:')\n`,
    rule: undefined,
  },
  {
    what: 'the oracle may not import the service',
    file: 'test/oracle/planted.ts',
    text: `import { fold } from '../../src/db/search-text.ts'\nexport const y = fold\n`,
    rule: IMPORTS,
  },
  {
    what: 'no cycle, even of types alone',
    file: 'src/catalog/planted-egg.ts',
    text: `import type { Hen } from './planted-hen.ts'\nexport interface Egg { layer: Hen }\n`,
    rule: CYCLES,
  },
  {
    what: 'no cycle, seen from the other end',
    file: 'src/catalog/planted-hen.ts',
    text: `import type { Egg } from './planted-egg.ts'\nexport interface Hen { next: Egg }\n`,
    rule: CYCLES,
  },
  {
    what: 'no any',
    file: 'src/catalog/planted-any.ts',
    text: `export function y(x: any) {\n  return x\n}\n`,
    rule: 'lint/suspicious/noExplicitAny',
  },
  {
    what: 'no !',
    file: 'src/catalog/planted-non-null.ts',
    text: `export const y = (x?: { z: 1 }) => x!.z\n`,
    rule: 'lint/style/noNonNullAssertion',
  },
  {
    what: 'no promise left alone',
    file: 'src/catalog/planted-promise.ts',
    text: `async function x() {\n  await 1\n}\nexport function y() {\n  x()\n}\n`,
    rule: 'lint/nursery/noFloatingPromises',
  },
]

const PLANTED = [...between, ...shared, ...driver, ...environment, ...ways, ...others]

const reportSchema = z.object({
  diagnostics: z.array(
    z.object({ category: z.string(), severity: z.string(), location: z.object({ path: z.string() }) }),
  ),
})

describe('the linter guards the folders', () => {
  const dir = mkdtempSync(join(tmpdir(), 'modeldex-boundaries-'))
  const refused = new Map<string, string[]>()

  beforeAll(() => {
    for (const name of ['biome.json', 'package.json', '.gitignore'])
      copyFileSync(join(ROOT, name), join(dir, name))
    for (const { file, text } of PLANTED) {
      mkdirSync(dirname(join(dir, file)), { recursive: true })
      writeFileSync(join(dir, file), text)
    }
    const { stdout } = spawnSync(
      process.execPath,
      [BIOME, 'lint', '--reporter=json', '--max-diagnostics=none', '.'],
      { cwd: dir, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    )
    for (const { category, severity, location } of reportSchema.parse(JSON.parse(stdout)).diagnostics) {
      if (severity === 'error') refused.set(location.path, [...(refused.get(location.path) ?? []), category])
    }
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  it.each(PLANTED)('$what', ({ file, rule }) => {
    const rules = refused.get(file) ?? []
    if (rule === undefined) expect(rules).toEqual([])
    else expect(rules).toContain(rule)
  })
})

it('the tree as it stands passes', () => {
  const only = ['--only=noRestrictedImports', '--only=noImportCycles']
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIOME, 'lint', ...only, 'src', 'test'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(status, `${stdout}${stderr}`).toBe(0)
})
