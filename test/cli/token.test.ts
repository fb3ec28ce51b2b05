import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readExpiry } from '../../src/cli/expiry.ts'
import { UsageError } from '../../src/errors.ts'
import { temporaryFolder } from '../service.ts'
import { runProgram } from './program.ts'

function inFolder() {
  const cwd = temporaryFolder()
  onTestFinished(() => rm(cwd, { recursive: true }))
  return { cwd, token: (...args: string[]) => runProgram(['token', ...args], { cwd }) }
}

it('makes, lists and revokes tokens', async () => {
  const { cwd, token } = inFolder()
  expect((await token('list', '--json')).stdout).toBe('[]\n')
  const made = await token('create', 'ci', '--scope', 'admin', '--expires', '30d')
  expect(made.code).toBe(0)
  expect(made.stdout).toMatch(/^mdx_[A-Za-z0-9_-]{43}\n$/)

  const listed = JSON.parse((await token('list', '--json')).stdout)
  expect(listed).toEqual([
    { name: 'ci', scope: 'admin', created_at: expect.any(String), expires_at: expect.any(String) },
  ])
  expect(Date.parse(listed[0].expires_at) - Date.parse(listed[0].created_at)).toBe(30 * 86_400_000)
  expect((await token('list')).stdout).toMatch(/^NAME +SCOPE +CREATED +EXPIRES\nci +admin +\S+ +\S+\n$/)
  expect(readFileSync(join(cwd, 'data/tokens.json'), 'utf8')).not.toContain(made.stdout.trim())

  const again = await token('create', 'ci')
  expect(again).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^modeldex: .*named ci already/),
  })
  expect(await token('revoke', 'ci')).toMatchObject({ code: 0, stdout: '' })
  expect(await token('revoke', 'ci')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no token named ci'),
  })
})

it('loses nothing when many are made at the same time', async () => {
  const { token } = inFolder()
  const names = ['a', 'b', 'c', 'd']
  const made = await Promise.all(names.map((name) => token('create', name)))
  expect(made.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  const listed: { name: string }[] = JSON.parse((await token('list', '--json')).stdout)
  expect(listed.map(({ name }) => name).sort()).toEqual(names)
})

it('leaves a damaged file as it is', async () => {
  const { cwd } = inFolder()
  const file = join(cwd, 'tokens.json')
  writeFileSync(file, '{')
  for (const args of [['create', 'a'], ['list'], ['revoke', 'a']]) {
    const { code, stderr } = await runProgram(['token', ...args, '--tokens-file', file], { cwd })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^modeldex: [^\n]*tokens\.json is damaged[^\n]*\n$/)
  }
  expect(readFileSync(file, 'utf8')).toBe('{')
})

const NOW = new Date('2026-10-01T12:00:00Z')

it.each([
  ['30d', '2026-10-31T12:00:00.000Z'],
  ['12h', '2026-10-02T00:00:00.000Z'],
  ['90m', '2026-10-01T13:30:00.000Z'],
  ['2w', '2026-10-15T12:00:00.000Z'],
  ['2026-12-31', '2026-12-31T00:00:00.000Z'],
  ['2026-12-31T10:00:00+02:00', '2026-12-31T08:00:00.000Z'],
])('a token that expires at %s', (text, expected) => {
  expect(readExpiry(text, NOW).toISOString()).toBe(expected)
})

it.each([
  '',
  '30',
  '0d',
  '-1d',
  '30 d',
  '1y',
  '2026-02-30',
  '2026-10-01',
  '2026-13-01',
  '2026-12-31T10:00:00',
  'never',
])('an expiry that is none, or over: %j', (text) => {
  expect(() => readExpiry(text, NOW)).toThrow(UsageError)
})
