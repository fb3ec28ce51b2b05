import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validate } from 'dockerfile-utils'
import { expect, it } from 'vitest'
import { readDockerfile } from './dockerfile.ts'

const ROOT = join(import.meta.dirname, '../..')
const text = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8')
const stages = readDockerfile(text)
const [build = [], image = []] = stages
const valuesOf = (steps: typeof image, name: string) =>
  steps.filter((step) => step.name === name).map(({ value }) => value)

it('is well-formed to a checker of its own', () => {
  expect(validate(text)).toEqual([])
  expect(validate(text.replace('HEALTHCHECK', 'HEALTHCHEK'))).not.toEqual([])
})

it('installs by the lock file, and builds in a stage that is not shipped', () => {
  expect(stages).toHaveLength(2)
  expect(valuesOf(build, 'RUN')[0]).toMatch(/^npm ci --ignore-scripts /)
})

it('has in it what the package has, and nothing of the tests', () => {
  const copied = valuesOf(image, 'COPY').flatMap((value) => {
    const [from, ...paths] = value.split(' ')
    expect(from).toBe('--from=build')
    return paths.slice(0, -1).map((path) => path.replace('/modeldex/', ''))
  })
  const { files }: { files: string[] } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  // What is deployed needs no other ways to be.
  for (const path of files.filter((path) => !path.startsWith('deploy/'))) {
    expect(
      copied.some((part) => path === part || path.startsWith(`${part}/`)),
      path,
    ).toBe(true)
  }
  for (const path of copied.filter((path) => path !== 'dist'))
    expect(existsSync(join(ROOT, path)), path).toBe(true)
  expect(copied).not.toContain('test')
})

it('runs as nobody, is asked how it is, and gets signals itself', () => {
  expect(image.map(({ name }) => name).filter((name) => name === 'USER')).toHaveLength(1)
  expect(valuesOf(image, 'USER')).toEqual(['1000:1000'])
  expect(valuesOf(image, 'HEALTHCHECK')[0]).toContain('/healthz')
  // As a list: a shell in between would keep the signals.
  expect(JSON.parse(valuesOf(image, 'ENTRYPOINT')[0] ?? '')).toEqual(['node', 'src/bin.js'])
  expect(JSON.parse(valuesOf(image, 'CMD')[0] ?? '')).toEqual(['serve'])
  expect(valuesOf(image, 'VOLUME')).toEqual(['/data'])
})
