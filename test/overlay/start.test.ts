import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openForReading, withDatabase } from '../../src/db/open.ts'
import { readDataset } from '../../src/ingest/dataset.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { prepareCatalogFile } from '../../src/ingest/prepare.ts'
import { seededService } from '../service.ts'
import { apiJsonOf, overlayRows, upstream, workplace } from './files.ts'

const price = (input: number) => ({ override: { acme: { models: { 'm-1': { cost: { input } } } } } })
const OWN = {
  id: 'own',
  name: 'Own',
  models: {
    'own-1': {
      id: 'own-1',
      name: 'House Model',
      cost: { input: 0.5, output: 1 },
      limit: { context: 32768, output: 4096 },
      tool_call: true,
      open_weights: true,
      release_date: '2027-01-01',
    },
  },
}

describe('a start without a network', () => {
  test('brings the catalog under an overlay that has changed, as an ingest would', async () => {
    const { ingest, db, source, write, held } = workplace()
    const there = workplace()
    await ingest({ ...price(2), add: { own: OWN }, deny: ['other'] })
    rmSync(source)
    const next = {
      ...price(1),
      override: { ...price(1).override, other: { name: 'Else' } },
      allow: ['acme/m-1', 'other'],
    }
    const { overlaid } = await prepareCatalogFile(db, { overlay: write('overlay.json', next) })
    const expected = await there.ingest(next)
    expect(overlaid).toMatchObject({
      version: expected.version,
      added: 2,
      changed: 1,
      removed: 4,
      unchanged: false,
    })
    expect(held()).toEqual(there.held())
    expect(overlayRows(db)).toEqual(overlayRows(there.db))
  })

  test('brings upstream back where an override is gone, or the overlay', async () => {
    const { ingest, db, source, held, write } = workplace()
    const { version } = await ingest()
    await ingest({
      ...price(2),
      add: { own: OWN, acme: { name: 'Ours', models: { 'm-2': { name: 'Ours' } } } },
      deny: ['other', 'acme/*-preview'],
    })
    rmSync(source)
    await prepareCatalogFile(db, { overlay: write('overlay.json', { deny: ['other'] }) })
    expect(held()).toEqual({ acme: upstream().acme })
    expect((await prepareCatalogFile(db)).overlaid).toMatchObject({ version, removed: 0, returned: 2 })
    expect(held()).toEqual(upstream())
    expect(await prepareCatalogFile(db)).toEqual({ empty: false })
  })

  test('knows what upstream sent without an id', async () => {
    const { ingest, db, write } = workplace()
    write('source.json', { acme: { id: 'acme', models: { a: {}, b: { id: 'b' }, c: {} } } })
    const { version } = await ingest()
    await ingest({ override: { acme: { models: { a: { name: 'A' } } } } })
    expect((await prepareCatalogFile(db)).overlaid).toMatchObject({ version, changed: 1 })
  })

  test('keeps what the file says of its source', async () => {
    const { ingest, db, write } = workplace()
    await ingest(undefined, '2026-01-01T00:00:00Z')
    const before = withDatabase(openForReading(db), readDataset)
    const overlay = write('overlay.json', price(2))
    await prepareCatalogFile(db, { overlay, now: () => new Date('2026-02-01T00:00:00Z') })
    const { version, overlayDigest, ingestedAt, ...rest } =
      withDatabase(openForReading(db), readDataset) ?? {}
    expect(before).toMatchObject(rest)
    expect(ingestedAt).toBe('2026-02-01T00:00:00.000Z')
    expect({ version, overlayDigest }).not.toMatchObject({ version: before?.version })
  })

  test('the whole seed comes back', async () => {
    const { db, seed, write } = workplace()
    await seed()
    const before = withDatabase(openForReading(db), readDataset)
    const overlay = write('overlay.json', {
      override: { openai: { name: 'O', models: { 'gpt-5': { cost: { input: 1 } } } } },
      deny: ['*/*a*', 'anthropic', 'groq/*'],
    })
    const { overlaid } = await prepareCatalogFile(db, { overlay })
    expect(overlaid?.removed).toBeGreaterThan(1000)
    await prepareCatalogFile(db)
    expect(withDatabase(openForReading(db), readDataset)).toEqual({
      ...before,
      ingestedAt: expect.any(String),
    })
  })

  test('leaves a copy that was made to be handed around as it is', async () => {
    const { ingest, db, folder, write } = workplace()
    await ingest(price(2))
    const copy = join(folder, 'copy.db')
    withDatabase(openForReading(db), (file) => file.prepare('VACUUM INTO ?').run(copy))
    const before = readFileSync(copy)
    expect(await prepareCatalogFile(copy)).toEqual({ empty: false })
    expect(readFileSync(copy).equals(before)).toBe(true)
    const overlay = write('overlay.json', price(1))
    // With a manifest beside it, nothing is written to it at all.
    const manifest = write('copy.db.json', {})
    expect(await prepareCatalogFile(copy)).toEqual({ empty: false })
    await expect(prepareCatalogFile(copy, { overlay })).rejects.toThrow(
      'a snapshot made under another overlay',
    )
    expect(readFileSync(copy).equals(before)).toBe(true)
    rmSync(manifest)
    await prepareCatalogFile(copy, { overlay })
    expect(apiJsonOf(copy).acme?.models['m-1']?.cost).toMatchObject({ input: 1 })
  })

  test('is refused where the overlay is none, or leaves nothing, and the catalog stays', async () => {
    const { ingest, db, held, write } = workplace()
    await ingest(price(2))
    const start = (overlay: unknown) => prepareCatalogFile(db, { overlay: write('overlay.json', overlay) })
    await expect(start('{')).rejects.toThrow(/is no JSON/)
    await expect(start({ allow: ['nobody'] })).rejects.toThrow(/leaves no model/)
    expect(held().acme?.models['m-1']?.cost).toMatchObject({ input: 2 })
  })
})

describe('the service', () => {
  test('lists, filters, searches and orders what is added as anything else', async () => {
    const { db, source, write } = workplace()
    const service = await seededService({
      db,
      env: {
        MODELDEX_SOURCE: source,
        MODELDEX_OVERLAY: write('overlay.json', { ...price(2), add: { own: OWN } }),
      },
    })
    try {
      const get = async (path: string) => {
        const headers = { authorization: `Bearer ${service.token}` }
        const answer = await fetch(`${service.baseUrl}/api/v1/inference/catalog${path}`, { headers })
        return JSON.parse(await answer.text())
      }
      expect(await get('/own/own-1')).toEqual({
        id: 'own/own-1',
        provider: 'own',
        name: 'House Model',
        capabilities: ['tool_call'],
        cost: { input: 0.5, output: 1 },
        limits: { context: 32768, output: 4096 },
        modalities: null,
        knowledge: null,
        open_weights: true,
        release_date: '2027-01-01',
        status: null,
      })
      expect((await get('/acme/m-1')).cost).toEqual({ input: 2, output: 15 })
      const idsOf = async (query: string) => {
        const { models } = await get(query)
        return models.map(({ id }: { id: string }) => id)
      }
      // The newest release is the first of its party.
      expect((await idsOf(''))[0]).toBe('own/own-1')
      expect(await idsOf('?query=house')).toEqual(['own/own-1'])
      expect(await idsOf('?provider=own&min_context=32768&max_price=1')).toEqual(['own/own-1'])
    } finally {
      await service.close()
    }
  })

  test('applies the overlay to a catalog that is there', async () => {
    const { db, write } = workplace()
    await ingest({ db, from: write('source.json', upstream()) })
    const service = await seededService({
      db,
      env: { MODELDEX_SOURCE: 'none.json', MODELDEX_OVERLAY: write('overlay.json', { deny: ['other'] }) },
    })
    try {
      const answer = await fetch(`${service.baseUrl}/api/v1/inference/catalog`, {
        headers: { authorization: `Bearer ${service.token}` },
      })
      expect(await answer.json()).toMatchObject({ total: 4 })
    } finally {
      await service.close()
    }
  })
})
