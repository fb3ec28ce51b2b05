import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ingest } from '../../src/ingest/ingest.ts'
import { acme, writeCatalog } from '../ingest/catalogs.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'
import { runProgram } from './program.ts'

const folder = temporaryFolder()
const db = join(folder, 'catalog.db')
const small = join(folder, 'small.db')

beforeAll(async () => {
  copyFileSync(await seededCatalog(), db)
  const catalogs = [
    acme({ m: { name: 'M', cost: { input: 1, output: 2 }, limit: { context: 8, output: 4 } }, other: {} }),
    acme({ m: { name: 'M', cost: { input: 0.5, output: 2 }, status: 'beta' }, 'new\u0007': {} }),
  ]
  for (const [place, catalog] of catalogs.entries()) {
    const now = () => new Date(`2026-10-0${place + 1}T10:30:00Z`)
    await ingest({ db: small, from: writeCatalog(folder, catalog), now })
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('changes tells what changed, a line each', async () => {
  const { code, stdout, stderr } = await runProgram(['changes', '--db', small])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.split('\n')).toEqual([
    '2026-10-02 10:30  acme/m      cost.input     1 → 0.5',
    '2026-10-02 10:30  acme/m      limit.context  8 → –',
    '2026-10-02 10:30  acme/m      limit.output   4 → –',
    '2026-10-02 10:30  acme/m      status         – → beta',
    '2026-10-02 10:30  acme/new\ufffd   added',
    '2026-10-02 10:30  acme/other  removed',
    '',
  ])
})

test('changes narrows them down, and says when there are more', async () => {
  const options = ['--since', '2026-09-30', '--provider', 'openai', '--field', 'cost', '--limit', '2']
  const { code, stdout, stderr } = await runProgram(['changes', '--db', db, ...options])
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'There are older ones: see --limit, --until\n' })
  expect(stdout.split('\n')).toHaveLength(3)
  const some = ['--until', '2025-07-31', '--model', 'openai/o1', '--json']
  const json = await runProgram(['changes', '--db', db, ...some])
  expect(JSON.parse(json.stdout)).toMatchObject([
    { id: 'github-models/openai/o1', kind: 'added' },
    { id: 'vercel/openai/o1', kind: 'added' },
  ])
})

test('history tells prices and limits over time', async () => {
  const { code, stdout } = await runProgram(['history', 'acme/m', '--db', small])
  expect(code).toBe(0)
  expect(stdout.split('\n')).toEqual([
    'acme/m  M',
    'FROM              WHAT     INPUT  OUTPUT  CONTEXT LIMIT  OUTPUT LIMIT  STATUS',
    '2026-10-01 10:30  known    1      2       8              4',
    '2026-10-02 10:30  changed  0.5    2                                    beta',
    '',
  ])
  const json = await runProgram(['history', 'acme/other', '--db', small, '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({
    id: 'acme/other',
    history: [{ kind: 'known' }, { kind: 'removed' }],
  })
})

test.each([
  [['changes', '--since', 'yesterday'], 2, /since: must be a day/],
  [['changes', '--limit', '0'], 2, /limit: must be at least 1/],
  [['changes', '--since', '2026-02-01', '--until', '2026-01-01'], 2, /is after until/],
  [['history', 'gpt-4o'], 2, /write provider\/model_id/],
  [['history', 'acme/nothing'], 1, /no model acme\/nothing is or was in the catalog/],
])('%j is refused', async (args, code, why) => {
  const result = await runProgram([...args, '--db', small])
  expect(result).toMatchObject({ code, stdout: '' })
  expect(result.stderr).toMatch(why)
})
