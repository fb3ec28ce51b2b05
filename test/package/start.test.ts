import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const SRC = join(import.meta.dirname, '../../src')
/** Imports and re-exports that load what they name, but for those on demand and those of types alone. */
const LOADS = /^(?:import|export)\s+(?!type\s)(?:[^'"]*?\sfrom\s+)?'([^']+)'/gm

/** The packages that are loaded with a file of `src/`. */
function packagesLoadedWith(file: string): string[] {
  const packages = new Set<string>()
  const seen = new Set<string>()
  const visit = (path: string) => {
    if (seen.has(path)) return
    seen.add(path)
    for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(LOADS)) {
      if (name.endsWith('.ts')) visit(join(dirname(path), name))
      else if (!name.startsWith('.') && !name.startsWith('node:')) packages.add(name.split('/', 1)[0] ?? '')
    }
  }
  visit(join(SRC, file))
  return [...packages].sort()
}

// Express and its routes, swagger-ui, MCP's SDK and the page come later: a start would take half as long again.
const OF_A_SERVICE = [
  'better-sqlite3',
  'big.js',
  'commander',
  'helmet',
  'pino',
  'proxy-addr',
  'semver',
  'zod',
]

it.each([
  ['a service', 'cli/service.ts', OF_A_SERVICE],
  ['a worker', 'cli/worker.ts', OF_A_SERVICE],
  ['any command', 'cli/program.ts', []],
  ['search', 'cli/search.ts', ['better-sqlite3', 'big.js']],
  ['compare', 'cli/compare.ts', ['better-sqlite3', 'big.js']],
])('%s starts with no other packages than it needs', (_what, file, packages) => {
  expect(packagesLoadedWith(file)).toEqual(packages)
})
