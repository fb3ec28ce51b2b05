import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openForReading, withDatabase } from '../../src/db/open.ts'
import { modelDigest, versionOf } from '../../src/ingest/canonical.ts'
import { readDataset, readDigests } from '../../src/ingest/dataset.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { apiJsonOf, overlayRows, upstream, workplace } from './files.ts'

const price = (input: number) => ({ override: { acme: { models: { 'm-1': { cost: { input } } } } } })

describe('an override', () => {
  test('of one price keeps the tiers and everything else', async () => {
    const { ingest, held } = workplace()
    await ingest(price(2.1))
    const expected = upstream()
    Object.assign(expected.acme?.models['m-1']?.cost ?? {}, { input: 2.1 })
    expect(held()).toEqual(expected)
  })

  test('of the tiers replaces all of them, and keeps the prices', async () => {
    const { ingest, held } = workplace()
    const tiers = [{ input: 5, tier: { type: 'context', size: 100000 } }]
    await ingest({ override: { acme: { models: { 'm-1': { cost: { tiers } } } } } })
    expect(held().acme?.models['m-1']?.cost).toEqual({ input: 3, output: 15, cache_read: 0.3, tiers })
  })

  test('replaces lists whole, and adds what was not there', async () => {
    const { ingest, held } = workplace()
    const patch = { modalities: { input: ['text'] }, limit: { input: 150000 }, contract: { number: 'A-7' } }
    await ingest({ override: { acme: { models: { 'm-1': patch } } } })
    expect(held().acme?.models['m-1']).toMatchObject({
      modalities: { input: ['text'], output: ['text'] },
      limit: { context: 200000, output: 64000, input: 150000 },
      contract: { number: 'A-7' },
    })
  })

  test('puts an object in the place of a value, and a value in that of an object', async () => {
    const { ingest, held } = workplace()
    const patch = { reasoning: { effort: { low: null, high: 1 } }, limit: null, cost: { tiers: null } }
    await ingest({ override: { acme: { models: { 'm-1': patch } } } })
    const model = held().acme?.models['m-1']
    expect(model).toMatchObject({
      reasoning: { effort: { high: 1 } },
      cost: { input: 3, output: 15, cache_read: 0.3 },
    })
    expect(model).not.toHaveProperty('limit')
    expect(model).not.toHaveProperty('cost.tiers')
    expect(model).not.toHaveProperty('reasoning.effort.low')
  })

  test('of a provider leaves its models alone', async () => {
    const { ingest, held } = workplace()
    const report = await ingest({ override: { acme: { api: 'https://proxy.example', env: null } } })
    const { env: _, ...acme } = upstream().acme ?? { models: {} }
    expect(held().acme).toEqual({ ...acme, api: 'https://proxy.example' })
    expect(report.overlayNotices).toEqual([])
  })

  test('with null removes a model or a provider', async () => {
    const { ingest, held } = workplace()
    const report = await ingest({ override: { acme: { models: { 'm-2': null } }, other: null } })
    expect(report).toMatchObject({ providers: 1, models: 3, overlayNotices: [] })
    expect(Object.keys(held().acme?.models ?? {})).not.toContain('m-2')
  })

  test('that meets nothing is reported each time, and the rest is loaded', async () => {
    const { ingest, held } = workplace()
    const overlay = {
      override: {
        acme: { models: { gone: { name: 'G' }, 'm-2': { name: 'Two' } } },
        lost: { models: { y: {} } },
      },
    }
    const overlayNotices = [
      { what: 'override acme/gone', why: 'upstream has no such model' },
      { what: 'override lost/y', why: 'upstream has no such provider' },
    ]
    expect(await ingest(overlay)).toMatchObject({ models: 6, overlayNotices })
    expect(held().acme?.models['m-2']?.name).toBe('Two')
    expect(await ingest(overlay)).toMatchObject({ unchanged: true, overlayNotices })
  })

  test('has its effect again when upstream has its model again', async () => {
    const { ingest, held, write } = workplace()
    const { 'm-1': _, ...models } = upstream().acme?.models ?? {}
    write('source.json', { ...upstream(), acme: { ...upstream().acme, models } })
    expect((await ingest(price(2))).overlayNotices).toHaveLength(1)
    write('source.json', upstream())
    expect((await ingest(price(2))).overlayNotices).toEqual([])
    expect(held().acme?.models['m-1']?.cost).toMatchObject({ input: 2, output: 15 })
  })
})

describe('what is added', () => {
  test('is a provider with its models, and a model beside upstream’s', async () => {
    const { ingest, held } = workplace()
    const own = { id: 'own', name: 'Own', env: [], models: { 'own-1': { id: 'own-1', name: 'Own One' } } }
    const tuned = { id: 'ft:m-1', name: 'Tuned', cost: { input: 9, output: 9 } }
    const report = await ingest({ add: { own, acme: { models: { 'ft:m-1': tuned } } } })
    expect(report).toMatchObject({ added: 8, providers: 3, overlayNotices: [] })
    expect(held().own).toEqual(own)
    expect(held().acme).toEqual({
      ...upstream().acme,
      models: { ...upstream().acme?.models, 'ft:m-1': tuned },
    })
  })

  test('stands as written where upstream comes to have it, which is reported', async () => {
    const { ingest, held } = workplace()
    const model = { id: 'm-1', name: 'Ours' }
    const report = await ingest({ add: { acme: { name: 'Acme (ours)', models: { 'm-1': model } } } })
    expect(held().acme?.models['m-1']).toEqual(model)
    expect(held().acme).not.toHaveProperty('env')
    expect(report.overlayNotices.map(({ what }) => what)).toEqual(['add acme', 'add acme/m-1'])
  })
})

describe('allow and deny', () => {
  const idsLeft = async (lists: object) => {
    const { ingest, held } = workplace()
    await ingest(lists)
    return Object.entries(held()).flatMap(([id, { models }]) =>
      Object.keys(models).map((key) => `${id}/${key}`),
    )
  }

  test.each<[what: string, lists: object, left: string[]]>([
    ['an id', { allow: ['acme/m-1'] }, ['acme/m-1']],
    ['a provider', { allow: ['other'] }, ['other/m-1', 'other/x']],
    ['a provider and an id', { allow: ['other', 'acme/m-2'] }, ['acme/m-2', 'other/m-1', 'other/x']],
    ['* across slashes', { allow: ['*/*m-3'] }, ['acme/ns/m-3']],
    ['* in the middle', { allow: ['*/m*1'] }, ['acme/m-1', 'other/m-1']],
    ['* alone: every provider', { allow: ['*'], deny: ['acme/*'] }, ['other/m-1', 'other/x']],
    [
      'deny wins over allow',
      { allow: ['acme'], deny: ['acme/*-preview', 'acme/ns/*'] },
      ['acme/m-1', 'acme/m-2'],
    ],
    ['letter case counts', { deny: ['ACME', 'acme/*'] }, ['other/m-1', 'other/x']],
    [
      'a pattern is no regular expression',
      { allow: ['other/.'], deny: ['acme/m.1'], add: { p: { models: { q: {} } } } },
      ['p/q'],
    ],
    ['* is not counted twice', { allow: ['acme/m-2*2-preview', 'other/x*x', 'acme/m-2'] }, ['acme/m-2']],
  ])('%s', async (_what, lists, left) => {
    expect((await idsLeft(lists)).sort()).toEqual(left)
  })

  test('a provider without models left goes, too', async () => {
    const { ingest } = workplace()
    expect(await ingest({ deny: ['other/*'] })).toMatchObject({ providers: 1, models: 4 })
  })

  test('look at upstream’s models, not at what is added', async () => {
    const own = { add: { own: { models: { a: {} } }, acme: { models: { mine: {} } } } }
    expect((await idsLeft({ ...own, deny: ['acme', 'own'] })).sort()).toEqual([
      'acme/mine',
      'other/m-1',
      'other/x',
      'own/a',
    ])
    expect((await idsLeft({ ...own, allow: ['other/x'] })).sort()).toEqual(['acme/mine', 'other/x', 'own/a'])
  })

  test('an override of what is denied, or added, is reported', async () => {
    const all = workplace()
    const override = { acme: { name: 'A', models: { 'm-1': { name: 'B' } } }, other: { name: 'O' } }
    const add = { acme: { name: 'Ours', models: { 'm-1': { name: 'Ours' } } } }
    const report = await all.ingest({ override, add, deny: ['other'] })
    const added = 'upstream has it too: what is added stands'
    const overridden = 'the overlay adds it itself: say it there'
    expect(report.overlayNotices).toEqual([
      { what: 'add acme', why: added },
      { what: 'add acme/m-1', why: added },
      { what: 'override acme', why: overridden },
      { what: 'override acme/m-1', why: overridden },
      { what: 'override other', why: 'the lists leave it out' },
    ])
  })

  test('an override of a denied model is reported', async () => {
    const { ingest } = workplace()
    const { overlayNotices } = await ingest({ ...price(1), deny: ['acme/m-1'] })
    expect(overlayNotices).toEqual([{ what: 'override acme/m-1', why: 'the lists leave it out' }])
  })

  test('that leave nothing fail the ingest, and the old catalog stays', async () => {
    const { ingest, db } = workplace()
    await ingest()
    const before = readFileSync(db)
    await expect(ingest({ allow: ['nobody'] })).rejects.toThrow(/the overlay leaves no model/)
    expect(readFileSync(db).equals(before)).toBe(true)
  })
})

describe('the merged catalog', () => {
  const OVERLAY = { ...price(2), add: { own: { id: 'own', models: { a: { id: 'a' } } } }, deny: ['other'] }

  test('is what the dataset version and the digests are of', async () => {
    const { ingest, db, held } = workplace()
    const plain = await ingest()
    const { version, changed, added, removed } = await ingest(OVERLAY)
    expect({ changed, added, removed }).toEqual({ changed: 1, added: 1, removed: 2 })
    expect(version).not.toBe(plain.version)
    expect(version).toBe(versionOf(held()))
    const digests = withDatabase(openForReading(db), readDigests)
    expect(digests.get('acme/m-1')).toBe(modelDigest(held().acme?.models['m-1']))
  })

  test('has the same version on another machine, from JSON or TOML', async () => {
    const [here, there] = [workplace(), workplace()]
    const { version } = await here.ingest({ ...price(2.5), deny: ['other'] })
    const toml = there.write(
      'overlay.toml',
      'deny = ["other"]\n[override.acme.models."m-1".cost]\ninput = 2.5\n',
    )
    expect(await ingest({ db: there.db, from: there.source, overlay: toml })).toMatchObject({ version })
    const overlayDigest = (db: string) => withDatabase(openForReading(db), readDataset)?.overlayDigest
    expect(overlayDigest(there.db)).toBe(overlayDigest(here.db))
    expect(overlayRows(there.db)).toEqual(overlayRows(here.db))
  })

  test('says which fields are the overlay’s', async () => {
    const { ingest, db } = workplace()
    await ingest({
      override: {
        acme: { name: 'A', models: { 'm-1': { cost: { input: 2, tiers: null }, limit: { context: 9 } } } },
      },
      add: { own: { models: { a: { id: 'a', modalities: { input: ['text'] } } } } },
      deny: ['other/x'],
    })
    expect(overlayRows(db)).toEqual({
      fields: [
        ['acme', 'name', '"A"'],
        ['acme/m-1', 'cost.input', '2'],
        ['acme/m-1', 'cost.tiers', null],
        ['acme/m-1', 'limit.context', '9'],
        ['own/a', 'id', '"a"'],
        ['own/a', 'modalities.input', '["text"]'],
      ],
      originals: ['acme', 'acme/m-1', 'other/x', 'own', 'own/a'],
      notices: [],
    })
  })

  test('is the same for a source that is read piece by piece', async () => {
    const [whole, split] = [workplace(), workplace()]
    const { version } = await whole.ingest(OVERLAY)
    const overlay = split.write('overlay.json', OVERLAY)
    await expect(ingest({ db: split.db, from: split.source, overlay, wholeBytes: 1 })).resolves.toMatchObject(
      { version },
    )
    expect(split.held()).toEqual(whole.held())
    expect(overlayRows(split.db)).toEqual(overlayRows(whole.db))
  })

  test('has what the overlay mends of a number no double can hold', async () => {
    const { ingest, write, held } = workplace()
    const models = '{"a": {"cost": {"cache_read": 1e999}}, "b": {"x": 1e999}, "c": {}, "d": {"x": 1e999}}'
    write('source.json', `{"acme": {"id": "acme", "models": ${models}}}`)
    const patch = { cost: { cache_read: 1 } }
    const overlay = { override: { acme: { models: { a: patch } } }, deny: ['acme/b', 'acme/d'] }
    expect(await ingest(overlay)).toMatchObject({ models: 2, setAside: [] })
    expect(held().acme?.models).toEqual({ a: { id: 'a', ...patch }, c: { id: 'c' } })
    expect((await ingest({ deny: ['acme/d'] })).setAside).toHaveLength(3)
    expect(Object.keys(held().acme?.models ?? {})).toEqual(['c'])
  })
})

describe('again', () => {
  test('the same source under the same overlay writes no row', async () => {
    const { ingest, db } = workplace()
    await ingest(price(2), '2026-01-01T00:00:00Z')
    const again = await ingest(price(2), '2026-01-02T00:00:00Z')
    expect(again).toMatchObject({ unchanged: true, changed: 0 })
    expect(withDatabase(openForReading(db), readDataset)).toMatchObject({
      ingestedAt: '2026-01-01T00:00:00.000Z',
      fetchedAt: '2026-01-02T00:00:00.000Z',
    })
  })

  test('the same source under another overlay, or none, is another catalog', async () => {
    const { ingest, held, db } = workplace()
    const plain = await ingest()
    expect(await ingest(price(2))).toMatchObject({ unchanged: false, changed: 1 })
    expect(await ingest(price(1))).toMatchObject({ unchanged: false, changed: 1 })
    expect(await ingest()).toMatchObject({ unchanged: false, changed: 1, version: plain.version })
    expect(held()).toEqual(upstream())
    expect(overlayRows(db)).toEqual({ fields: [], originals: [], notices: [] })
  })

  test('a change of upstream’s goes through, but for what is overridden', async () => {
    const { ingest, held, write, db } = workplace()
    await ingest(price(2))
    const next = upstream()
    Object.assign(next.acme?.models['m-1']?.cost ?? {}, { input: 7, output: 70 })
    write('source.json', next)
    await ingest(price(2))
    expect(held().acme?.models['m-1']?.cost).toMatchObject({ input: 2, output: 70 })
    // What is hidden by the override has changed, too: that is no change of the catalog.
    Object.assign(next.acme?.models['m-1']?.cost ?? {}, { input: 8 })
    write('source.json', next)
    expect(await ingest(price(2))).toMatchObject({ unchanged: true })
    const original = withDatabase(openForReading(db), (file) =>
      file.prepare("SELECT json ->> '$.cost.input' FROM overlay_original").pluck().get(),
    )
    expect(original).toBe(8)
  })

  test('an overlay that says what upstream says changes nothing but where it comes from', async () => {
    const { ingest, db } = workplace()
    const { version } = await ingest()
    expect(await ingest(price(3))).toMatchObject({ unchanged: true, version })
    expect(overlayRows(db).fields).toEqual([['acme/m-1', 'cost.input', '3']])
  })
})

test('keys such as __proto__ are keys', async () => {
  const { db, source, write } = workplace()
  const overlay = write(
    'overlay.json',
    '{"override": {"acme": {"models": {"m-1": {"__proto__": {"a": 1}, "constructor": 2}}}}, "add": {"__proto__": {"models": {"__proto__": {}}}}}',
  )
  await ingest({ db, from: source, overlay })
  expect(Object.keys(apiJsonOf(db).acme?.models['m-1'] ?? {})).toEqual(
    expect.arrayContaining(['__proto__', 'constructor']),
  )
  expect(({} as Record<string, unknown>).a).toBeUndefined()
  expect(overlayRows(db).originals).toContain('__proto__/__proto__')
})
