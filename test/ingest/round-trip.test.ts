import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openForReading, withDatabase } from '../../src/db/open.ts'
import { canonicalJson } from '../../src/ingest/canonical.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { readBack } from '../../src/ingest/read-back.ts'
import { seededCatalog } from '../service.ts'
import { inTemporaryFolder, writeCatalog } from './catalogs.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const FIXTURES = join(ROOT, 'test', 'fixtures')
const catalogs = (await readdir(FIXTURES)).filter(
  (name) => name.endsWith('.json') && !name.startsWith('litellm'),
)

test('the file gives the whole seed back as it was sent', async () => {
  const seed = JSON.parse(readFileSync(join(ROOT, 'seed', 'catalog.json'), 'utf8'))
  expect(apiJsonOf(await seededCatalog())).toEqual(seed)
})

test.each(catalogs)('the file gives %s back as it was sent', async (name) => {
  await expectRoundTrip(JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')))
})

test.each<[what: string, model: object]>([
  ['nothing but an id', {}],
  ['fields nobody knows', { surprise: { deep: [1, null, { a: 'b' }] }, another: 0 }],
  [
    'nulls sent as such',
    { name: null, cost: null, limit: null, modalities: null, tool_call: null, status: null },
  ],
  ['nulls inside', { cost: { input: null, output: 1 }, limit: { context: null, output: 2 } }],
  [
    'empty objects and lists',
    { cost: {}, limit: {}, modalities: {}, reasoning_options: [], interleaved: {} },
  ],
  ['empty lists inside', { modalities: { input: [], output: ['text'] }, cost: { input: 1, tiers: [] } }],
  [
    'prices to the last digit',
    { cost: { input: 0.049999999999999996, output: 1e-7, cache_read: 123456789.125 } },
  ],
  [
    'prices of a new kind',
    { cost: { input: 1, output: 2, per_image: 0.04, note: 'monthly', batch: { input: 0.5 } } },
  ],
  ['a limit of a new kind', { limit: { context: 1, output: 2, images: 8, ratio: 0.5 } }],
  [
    'kinds that are half a surrogate pair',
    {
      cost: {
        input: 1,
        '\ud800': 2,
        '\ud801': 3,
        tiers: [{ '\ud800': 4, '\ud801': 5, tier: { type: '\ud800', size: 9 } }],
      },
      limit: { '\ud800': 6, '\ud801': 7 },
    },
  ],
  ['kinds that are called __proto__', JSON.parse('{"cost": {"__proto__": 1}, "limit": {"__proto__": 2}}')],
  [
    'tiers',
    { cost: { input: 1, output: 2, tiers: [{ input: 3, output: 4, tier: { type: 'context', size: 9 } }] } },
  ],
  [
    'a tier without prices',
    { cost: { input: 1, tiers: [{ tier: { type: 'context', size: 9 } }, { input: 2 }] } },
  ],
  [
    'a tier of another shape',
    { cost: { input: 1, tiers: [{ input: 2, tier: { type: 'time', from: '22:00' } }] } },
  ],
  ['two tiers alike', { cost: { tiers: [{ input: 2 }, { input: 2 }] } }],
  [
    'a capability with details',
    { interleaved: { field: 'reasoning_content' }, reasoning: { effort: ['low'] } },
  ],
  ['a field that became an object', { experimental: true }],
  [
    'reasoning options with null',
    { reasoning_options: [{ type: 'effort', values: ['low', null] }, { min: 1 }] },
  ],
  ['more modalities', { modalities: { input: ['text', 'text'], output: ['3d'], preferred: 'text' } }],
  ['another id than its key', { id: 'elsewhere' }],
  [
    'keys of an object’s own',
    JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "cost": {"__proto__": "x"}}'),
  ],
])('nothing is lost: %s', async (_what, model) => {
  await expectRoundTrip({ acme: { id: 'acme', env: [], models: { m: { id: 'm', ...model } } } })
})

test('nothing of a provider is lost', async () => {
  await expectRoundTrip({
    acme: { id: 'acme', name: null, env: ['A', 'B'], surprise: [1], models: { m: { id: 'm' } } },
    '10': { id: 'ten', npm: '@acme/sdk', api: 'https://api.acme.example', models: { '7': { id: '7' } } },
  })
})

async function expectRoundTrip(catalog: object): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const db = join(folder, 'catalog.db')
    const report = await ingest({ db, from: writeCatalog(folder, catalog) })
    expect(report.setAside).toEqual([])
    expect(apiJsonOf(db)).toEqual(catalog)
    // `toEqual` overlooks keys such as `__proto__`.
    expect(canonicalJson(apiJsonOf(db))).toBe(canonicalJson(catalog))
  })
}

function apiJsonOf(file: string): unknown {
  const providers = withDatabase(openForReading(file), readBack)
  return Object.fromEntries(
    providers.map(({ id, head, models }) => [id, { ...head, models: Object.fromEntries(models) }]),
  )
}
