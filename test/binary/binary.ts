import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { BINARY as GIVEN } from '../cli/program.ts'

export const BINARY = GIVEN ?? join(import.meta.dirname, '../../dist/modeldex')

/** The shared libraries that an executable file loads, by their paths on this machine. */
export function librariesOf(file: string): string[] {
  const listed = execFileSync('ldd', [file], { encoding: 'utf8' })
  return [...listed.matchAll(/(?:=> |^\s+)(\/\S+)/gm)].map(([, path = '']) => path)
}

/** The newest version of each kind, such as `GLIBC`, that a file asks its libraries for. */
export function versionsNeeded(file: string): Record<string, string> {
  const symbols = execFileSync('objdump', ['-T', file], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  const newest: Record<string, string> = {}
  for (const [, kind = '', version = ''] of symbols.matchAll(/\b(GLIBC|GLIBCXX)_([0-9.]+)/g)) {
    const isNewer = version.localeCompare(newest[kind] ?? '', 'en', { numeric: true }) > 0
    if (isNewer) newest[kind] = version
  }
  return newest
}
