import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '../..')

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      gypfile: z.boolean().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
})
const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
  optionalDependencies: z.record(z.string(), z.string()),
})

describe('package-lock.json', () => {
  const { packages } = lockSchema.parse(readJson('package-lock.json'))
  const entries = Object.entries(packages).filter(([path]) => path !== '')

  it('names no registry and pins every content', () => {
    expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
    expect(entries.filter(([, { integrity }]) => integrity === undefined)).toEqual([])
  })

  it('holds the packages of every platform: without one, npm ci refuses the lockfile', () => {
    const missing = entries.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isInstalledFor(path, name)),
    )
    expect(missing).toEqual([])
  })

  it('keeps the driver from being compiled', () => {
    const driver = packages['node_modules/better-sqlite3']
    // npm drops this mark whenever it writes the file. Without it `npm ci` compiles the driver where npm is too old to
    // know `allowScripts`, and fails where there is no compiler.
    expect(driver?.gypfile, 'put "gypfile": false back into the entry of node_modules/better-sqlite3').toBe(
      false,
    )
  })

  function isInstalledFor(path: string, name: string): boolean {
    return `${path}/node_modules/${name}` in packages || `node_modules/${name}` in packages
  }
})

it('package.json pins every version exactly', () => {
  const { dependencies, devDependencies, optionalDependencies } = manifestSchema.parse(
    readJson('package.json'),
  )
  const pins = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
  expect(pins.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
})

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8'))
}
