import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
})

const packageSchema = z.object({ version: z.string() })

/**
 * The folder of the npm package that holds a platform's `node`: the installed one, or one that is fetched once, and is
 * what package-lock.json says.
 * @throws Error unless it is of the version that runs, which alone can read what this one writes
 */
export function nodePackage(root: string, name: string): string {
  const folder = findPackage(root, name)
  const { version } = packageSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
  if (`v${version}` === process.version) return folder
  throw new Error(`${name} is of Node ${version}, this is ${process.version}: run this script by npm`)
}

function findPackage(root: string, name: string): string {
  const installed = join(root, 'node_modules', name)
  if (existsSync(installed)) return installed
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  const { version, integrity } = packages[`node_modules/${name}`] ?? {}
  const cache = join(root, 'node_modules/.cache/modeldex-binary')
  const folder = join(cache, `${name}-${version}`)
  if (existsSync(folder)) return join(folder, 'package')
  mkdirSync(cache, { recursive: true })
  const tarball = join(cache, `${name}-${version}.tgz`)
  if (!existsSync(tarball)) {
    execFileSync('npm', ['pack', '--silent', `${name}@${version}`, '--pack-destination', cache])
  }
  if (`sha512-${hash('sha512', readFileSync(tarball), 'base64')}` !== integrity) {
    throw new Error(`${tarball} is not what package-lock.json says: remove it`)
  }
  mkdirSync(folder)
  execFileSync('tar', ['-xzf', tarball, '-C', folder])
  return join(folder, 'package')
}
