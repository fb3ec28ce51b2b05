import { execFile } from 'node:child_process'
import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CLASSES, type CostEntry, compareMaps, type PastEntry } from '../../bench/litellm-compare.ts'
import { codeOf, readPage, rowsUnder } from '../docs/markdown.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'

const ROOT = join(import.meta.dirname, '../..')
const REPORT = join(ROOT, 'bench/litellm-report.ts')
const FIXTURE = join(ROOT, 'test/fixtures/litellm-prices-2026-08-01.json')
const run = promisify(execFile)
const folder = temporaryFolder()
const db = join(folder, 'catalog.db')

beforeAll(async () => copyFileSync(await seededCatalog(), db))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const INPUT = 'input_cost_per_token'
const OUTPUT = 'output_cost_per_token'

test.each<[name: keyof typeof CLASSES, ours: CostEntry, theirs: CostEntry]>([
  ['same', { [INPUT]: 1e-6 }, { [INPUT]: 1.0000000000001e-6 }],
  ['unknown', { [INPUT]: 1e-6 }, {}],
  ['unknown', {}, { [INPUT]: 1e-6 }],
  ['tier', {}, { [`${INPUT}_above_200k_tokens`]: 2e-6 }],
  ['unit', { [INPUT]: 5.5e-7 }, { [INPUT]: 0.055 }],
  ['unit', { [OUTPUT]: 1.2e-4 }, { [OUTPUT]: 1.2e-5, output_cost_per_image_token: 1.2e-4 }],
  ['unit', { [OUTPUT]: 6e-5, mode: 'image_generation' }, { [OUTPUT]: 1.5e-6 }],
  ['tenfold', { [OUTPUT]: 6e-5, mode: 'image_generation' }, { [OUTPUT]: 6e-6 }],
  ['rounded', { [INPUT]: 1e-5 }, { [INPUT]: 9.99999e-6 }],
  ['free', { [INPUT]: 0 }, { [INPUT]: 1e-6 }],
  ['tenfold', { [INPUT]: 2e-6 }, { [INPUT]: 2e-5 }],
  ['tenfold', { [INPUT]: 2e-6 }, { [INPUT]: 2e-9 }],
  ['newer', { [INPUT]: 2e-6 }, { [INPUT]: 3e-6 }],
])('%s: %j against %j', (name, ours, theirs) => {
  expect(classes(ours, theirs)).toEqual([name])
})

test('a price the other map has for longer requests is of another tier', () => {
  const ours = { [INPUT]: 2e-6, [`${INPUT}_above_200k_tokens`]: 4e-6 }
  expect(classes(ours, { [INPUT]: 4e-6, [`${INPUT}_above_200k_tokens`]: 4e-6 })).toEqual(['tier', 'same'])
})

test('the ranges of a table are tiers', () => {
  const ranges = [
    { range: [0, 32_000], [INPUT]: 1e-6 },
    { range: [32_000, 128_000], [INPUT]: 2e-6 },
  ]
  expect(classes({ [INPUT]: 1e-6 }, { tiered_pricing: ranges })).toEqual(['same', 'tier'])
})

test("what the catalog's history says of a price", () => {
  const [old, mine, other] = [3e-6, 2e-6, 5e-6]
  const before: PastEntry = { from: '2026-07-17T00:00:00Z', entry: { [INPUT]: old } }
  const since: PastEntry = { from: '2026-07-17T00:00:00Z', entry: { [INPUT]: mine } }
  const later: PastEntry = { from: '2026-09-30T00:00:00Z', entry: { [INPUT]: mine } }
  expect(classes({ [INPUT]: mine }, { [INPUT]: old }, [before, later])).toEqual(['newer'])
  expect(classes({ [INPUT]: mine }, { [INPUT]: other }, [before, later])).toEqual(['newer'])
  expect(classes({ [INPUT]: mine }, { [INPUT]: other }, [since])).toEqual(['disputed'])
})

test('a model that only one map has is no difference', () => {
  expect(
    compareMaps({ a: { [INPUT]: 1 } }, { entries: { b: { [INPUT]: 2 } }, date: '2026-08-01' }, () => []),
  ).toEqual([])
})

test("the report finds no price of the real map a power of ten off, and names that map's mistakes", async () => {
  const { stdout } = await run(process.execPath, [REPORT, '--map', FIXTURE, '--db', db])
  expect(stdout).toMatch(/^keys: \d+ ours, 2984 theirs, 7\d\d in both$/m)
  expect(stdout).toMatch(/^tenfold: 0 /m)
  expect(stdout).toMatch(/^mistaken: 1 /m)
  const counts = Object.keys(CLASSES).map((name) => [
    name,
    new RegExp(`^${name}: (\\d+) `, 'm').exec(stdout)?.[1],
  ])
  const rows = rowsUnder(readPage('docs/litellm.md'), "Held against LiteLLM's own map")
  const documented = rows.map(([name, , count = '']) => [codeOf(name), count.replace(',', '')])
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(counts))
})

test('the report fails where a price is a power of ten off, and shows it', async () => {
  const file = join(folder, 'map.json')
  writeFileSync(file, JSON.stringify({ sample_spec: {}, 'gpt-4o': { [INPUT]: 2.5e-5 } }))
  const failed = await run(process.execPath, [REPORT, '--map', file, '--db', db]).catch((error) => error)
  expect(failed.code).toBe(1)
  expect(failed.stdout).toContain('gpt-4o input_cost_per_token: ours 0.0000025, theirs 0.000025')
})

test('the report asks for a map', async () => {
  const failed = await run(process.execPath, [REPORT]).catch((error) => error)
  expect([failed.code, failed.stderr]).toEqual([2, expect.stringContaining('--map FILE')])
})

function classes(ours: CostEntry, theirs: CostEntry, past: PastEntry[] = []): string[] {
  const found = compareMaps({ model: ours }, { entries: { model: theirs }, date: '2026-08-01' }, () => past)
  return found.map((difference) => difference.class)
}
