import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram } from '../cli/program.ts'
import { temporaryFolder } from '../service.ts'
import { FIRST, FIRST_TIME, ingestAt, smallCatalog, snapshotOf } from './files.ts'

const folder = temporaryFolder()
const [before, after] = [join(folder, 'before.db'), join(folder, 'after.db')]

beforeAll(async () => {
  const first = join(folder, 'first.db')
  await ingestAt(first, FIRST, FIRST_TIME, folder)
  await snapshotOf(first, before)
  await snapshotOf(await smallCatalog(folder), after, { history: false })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const diff = (...args: string[]) => runProgram(['snapshot', 'diff', ...args])

it('tells what changed, for people', async () => {
  const { code, stdout, stderr } = await diff(before, after)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.replaceAll(/[0-9a-f]{64}/g, 'HASH').split('\n')).toEqual([
    'from HASH, 4 models, fetched 2026-10-01T10:00:00.000Z',
    'to   HASH, 4 models, fetched 2026-10-02T10:00:00.000Z',
    'models: added 1, removed 1, renamed 1, changed 1',
    'acme/cased  renamed     was acme/Cased',
    'acme/gone   removed',
    'acme/large  cost.input  1 → 0.5',
    'beta        added',
    'beta/m      added',
    '',
  ])
})

it('tells as JSON what the history of the later one tells', async () => {
  const { stdout } = await diff(before, after, '--json')
  const found = JSON.parse(stdout)
  expect(found).toMatchObject({
    from: { models: 4, providers: 2, fetched_at: FIRST_TIME },
    to: { models: 4, providers: 3 },
    counts: { added: 1, removed: 1, returned: 0, renamed: 1, changed: 1 },
  })
  const history = JSON.parse(
    (await runProgram(['changes', '--json', '--db', join(folder, 'catalog.db')])).stdout,
  )
  expect(history).toHaveLength(5)
  expect(history.map(({ at: _, version: __, ...change }: Record<string, unknown>) => change)).toEqual(
    found.changes,
  )
})

it('finds nothing between two of one catalog, and the reverse the other way round', async () => {
  const copy = join(folder, 'copy.db')
  copyFileSync(before, copy)
  expect((await diff(before, copy)).stdout).toMatch(/\nno model differs\n$/)
  const back = JSON.parse((await diff(after, before, '--json')).stdout)
  expect(back.counts).toEqual({ added: 1, removed: 1, returned: 0, renamed: 1, changed: 1 })
})

it('says which file it cannot read', async () => {
  const missing = join(folder, 'missing.db')
  const { code, stderr } = await diff(before, missing)
  expect(code).toBe(1)
  expect(stderr).toContain(missing)
  expect(await diff(before)).toMatchObject({ code: 2 })
})
