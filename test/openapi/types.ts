import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiDocument } from '../../src/openapi/document.ts'
import { temporaryFolder } from '../service.ts'

/** `npm run openapi:types` makes the types of `/openapi.json` anew. It needs the npm registry. */

const FILE = join(import.meta.dirname, 'schema.d.ts')
/** Not of the project: the second one is not the TypeScript that it is checked with, and the first one needs it. */
const MAKERS = ['openapi-typescript@7.13.0', 'typescript@5.9.3']

/** What says nothing about types, unless it is the name of a property. */
const WORDS = new Set(['description', 'summary', 'example', 'examples'])

/** The description without its words, as text. */
const bare = JSON.stringify(withoutWords(openApiDocument()), null, 2)

/** The first line of the file of types, which tells what it was made from. */
export const firstLine = `// Made by npm run openapi:types, of ${hash('sha256', bare)}`

export function firstLineOfTypes(): string | undefined {
  return readFileSync(FILE, 'utf8').split('\n')[0]
}

function withoutWords(value: unknown, isNaming = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutWords(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => isNaming || !WORDS.has(name))
      .map(([name, part]) => [name, withoutWords(part, name === 'properties')]),
  )
}

if (import.meta.main) {
  const dir = temporaryFolder()
  try {
    const source = join(dir, 'openapi.json')
    const target = join(dir, 'schema.d.ts')
    writeFileSync(source, bare)
    writeFileSync(join(dir, 'package.json'), '{"private":true}')
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--silent']
    execFileSync('npm', ['install', '--prefix', dir, ...options, ...MAKERS], { stdio: 'inherit' })
    const program = join(dir, 'node_modules/openapi-typescript/bin/cli.js')
    // A request may leave out what has a default.
    const args = [program, source, '--output', target, '--default-non-nullable', 'false']
    execFileSync(process.execPath, args, { cwd: dir, stdio: 'inherit' })
    writeFileSync(FILE, `${firstLine}\n${readFileSync(target, 'utf8')}`)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
