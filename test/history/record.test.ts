import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  APPLICATION_ID,
  type Database,
  openForReading,
  openForWriting,
  withDatabase,
} from '../../src/db/open.ts'
import { catalogOf } from '../../src/history/undo.ts'
import { canonicalJson } from '../../src/ingest/canonical.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { prepareCatalogFile } from '../../src/ingest/prepare.ts'
import { acme, inTemporaryFolder, writeCatalog } from '../ingest/catalogs.ts'
import { SEED_STATES } from './seed-states.ts'

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const MIGRATIONS = join(import.meta.dirname, '..', '..', 'migrations')

describe('what is recorded', () => {
  test('models added, removed, brought back and changed, field by field', async () => {
    const first = { a: { name: 'A', cost: { input: 1, output: 2 } }, b: { name: 'B', status: 'beta' } }
    const second = { a: { name: 'A', cost: { input: 1.5, output: 2, cache_read: 0.1 } }, c: {} }
    const third = { a: { name: 'A2', cost: { input: 1.5, output: 2 } }, b: { name: 'B' }, c: {} }
    const { reports, changes } = await ingestAll([acme(first), acme(second), acme(third)])
    expect(changes).toEqual([
      [2, 'acme/a', 'changed', 'cost.cache_read', null, '0.1'],
      [2, 'acme/a', 'changed', 'cost.input', '1', '1.5'],
      [2, 'acme/b', 'removed', null, '{"name":"B","status":"beta"}', null],
      [2, 'acme/c', 'added', null, null, null],
      [3, 'acme/a', 'changed', 'cost.cache_read', '0.1', null],
      [3, 'acme/a', 'changed', 'name', '"A"', '"A2"'],
      [3, 'acme/b', 'returned', null, null, null],
    ])
    expect(reports).toMatchObject([
      { added: 2, removed: 0, returned: 0, renamed: 0, changed: 0 },
      { added: 1, removed: 1, returned: 0, renamed: 0, changed: 1 },
      { added: 0, removed: 0, returned: 1, renamed: 0, changed: 1 },
    ])
  })

  test('providers, and what they say of themselves', async () => {
    const { changes } = await ingestAll([
      { a: { id: 'a', name: 'A', env: ['A_KEY'], models: { m: {} } }, b: { id: 'b', models: { m: {} } } },
      { a: { id: 'a', name: 'A!', env: ['A_KEY', 'A_TOKEN'], models: { m: {} } } },
      { a: { id: 'a', name: 'A!', env: ['A_KEY', 'A_TOKEN'], models: { m: {} } }, b: { models: { m: {} } } },
    ])
    expect(changes).toEqual([
      [2, 'a', 'changed', 'env', '["A_KEY"]', '["A_KEY","A_TOKEN"]'],
      [2, 'a', 'changed', 'name', '"A"', '"A!"'],
      [2, 'b', 'removed', null, '{}', null],
      [2, 'b/m', 'removed', null, '{}', null],
      [3, 'b', 'returned', null, null, null],
      [3, 'b/m', 'returned', null, null, null],
    ])
  })

  test.each([
    ['true that becomes an object', { experimental: true }, { experimental: { modes: { fast: {} } } }],
    ['a price that comes late', {}, { cost: { input: 0, output: 0 } }],
    ['an object sent empty', { cost: {} }, { cost: { input: 1 } }],
    ['null and nothing', { status: null }, { knowledge: null }],
    [
      'names that are half a surrogate pair',
      { '\ud800': 1, o: { 'a\udfff': 1, '~ud800': 1 } },
      { '\ud801': 2, o: { 'a\udfff': 2, '~ud800': 2 } },
    ],
    ['names with dots', { 'a.b': 1, 'cost.input': 2 }, { 'a.b': 2, x: { 'y.z~': 1, '~1': 2 } }],
    ['members of other names', { limit: { context: 1 } }, { limit: { output: 2 } }],
  ])('%s', async (_what, before, after) => {
    await expectRebuilt([acme({ m: before }), acme({ m: after }), acme({ m: before })])
  })

  test.each([
    ['poe', 'ids-poe-2025-11.json', 'ids-poe-2025-12.json'],
    ['nebius', 'ids-nebius-2026-02.json', 'ids-nebius-2026-03.json'],
  ])('ids of %s that changed their letter case are renamed, there and back', async (_name, ...names) => {
    const [before, after] = names.map((name) => JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')))
    const { reports, changes } = await ingestAll([before, after, before])
    expect(reports[1]).toMatchObject({ added: 0, removed: 0, returned: 0, renamed: 3 })
    expect(reports[2]).toMatchObject({ added: 0, removed: 0, returned: 0, renamed: 3 })
    expect(new Set(changes.map(([, , kind]) => kind))).not.toContain('removed')
    await expectRebuilt([before, after, before])
  })

  test('a model that went and came back in another letter case is the same one', async () => {
    const other = { other: {} }
    const catalogs = [acme({ Big: { name: 'B' }, ...other }), acme(other), acme({ big: {}, ...other })]
    const { changes } = await ingestAll(catalogs)
    expect(changes).toEqual([
      [2, 'acme/big', 'removed', null, '{"name":"B"}', null],
      [3, 'acme/big', 'renamed', null, '"acme/Big"', '"acme/big"'],
      [3, 'acme/big', 'returned', null, null, null],
    ])
    await expectRebuilt(catalogs)
  })

  test('of two ids alike, one is a rename and the other is new', async () => {
    const catalogs = [
      acme({ M: {} }),
      acme({ m: {}, mM: {}, 'M/': {} }),
      acme({ M: {}, m: {} }),
      acme({ MM: {} }),
    ]
    const { reports } = await ingestAll(catalogs)
    expect(reports[1]).toMatchObject({ added: 2, removed: 0, renamed: 1 })
    await expectRebuilt(catalogs)
  })
})

describe('every state', () => {
  const value = fc.oneof(
    fc.constantFrom(null, true, false, 0, 0.049999999999999996, 'x', [], {}, ['a', null], [{ a: 1 }]),
    fc.dictionary(
      fc.constantFrom('a', 'b', 'a.b', '~', '10', '__proto__'),
      fc.constantFrom(1, 'x', null, {}, [1]),
    ),
  )
  const price = fc.record(
    { input: fc.constantFrom(0, 1, 1.5), output: fc.constantFrom(0, 2) },
    { requiredKeys: [] },
  )
  const model = fc.record(
    { name: fc.constantFrom('A', 'B'), cost: price, surprise: value, 'a.b': value, id: fc.constant('else') },
    { requiredKeys: [] },
  )
  const models = fc.dictionary(fc.constantFrom('m', 'M', 'n', 'N', 'x/y', 'X/y'), model)
  const provider = fc.record(
    { models, name: fc.constantFrom('A', 'B'), extra: value },
    { requiredKeys: ['models'] },
  )
  const catalog = fc
    .dictionary(fc.constantFrom('p', 'P', 'q'), provider)
    .map((providers) => ({ ...providers, always: { models: { there: {} } } }))

  test('is rebuilt as it was ingested, whatever was edited', { timeout: 120_000 }, () =>
    fc.assert(fc.asyncProperty(fc.array(catalog, { minLength: 2, maxLength: 6 }), expectRebuilt), {
      numRuns: 40,
    }),
  )
})

describe('states', () => {
  test('are none when nothing changed, and the file does not grow', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      const from = writeCatalog(folder, acme({ m: {} }))
      await ingest({ db, from })
      const before = sizes(db)
      for (let again = 0; again < 3; again++) {
        writeCatalog(folder, `${JSON.stringify(acme({ m: {} }))}${' '.repeat(again)}`)
        await ingest({ db, from })
      }
      expect(sizes(db)).toEqual(before)
    }))

  test('carry the time of their fetch, and never go back', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      for (const [name, date] of [
        ['a', '2026-10-02'],
        ['b', '2026-10-01'],
        ['c', '2026-10-03'],
      ] as const) {
        await ingest({ db, from: writeCatalog(folder, acme({ [name]: {} })), now: () => new Date(date) })
      }
      const days = ['2026-10-02', '2026-10-02', '2026-10-03']
      expect(statesOf(db).map(({ at }) => at.slice(0, 10))).toEqual(days)
    }))

  test('begin with what an older file holds', () =>
    inTemporaryFolder(async (folder) => {
      const [fresh, db] = [join(folder, 'fresh.db'), join(folder, 'catalog.db')]
      const { version } = await ingest({
        db: fresh,
        from: writeCatalog(folder, acme({ m: {} })),
        now: () => NOW,
      })
      const migrations = readdirSync(MIGRATIONS).filter((name) => name.endsWith('.sql'))
      const older = migrations.sort().slice(
        0,
        migrations.findIndex((name) => name.endsWith('_history.sql')),
      )
      withDatabase(openForWriting(db), (connection) => {
        for (const name of older) connection.exec(readFileSync(join(MIGRATIONS, name), 'utf8'))
        connection.pragma(`application_id = ${APPLICATION_ID}`)
        connection.pragma(`user_version = ${older.length}`)
        connection.prepare('ATTACH ? AS fresh').run(fresh)
        const columns = connection
          .prepare("SELECT group_concat(name) FROM pragma_table_info('dataset')")
          .pluck()
          .get()
        connection.exec(`INSERT INTO dataset SELECT ${columns} FROM fresh.dataset`)
      })
      await prepareCatalogFile(db)
      expect(statesOf(db)).toMatchObject([{ version, at: NOW.toISOString(), models: 1, last_change: 0 }])
      await ingest({ db, from: writeCatalog(folder, acme({ n: {} })) })
      expect(statesOf(db)).toHaveLength(2)
    }))
})

describe('the seed', () => {
  test('brings its history to an empty file, with the dates of its files', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      const report = await ingest({ db, from: 'seed' })
      const states = statesOf(db)
      expect(states.map(({ at, version }) => [at, version])).toEqual(
        SEED_STATES.map(({ date, version }) => [`${date}T00:00:00.000Z`, version]),
      )
      expect(states.at(-1)?.version).toBe(report.version)
      // The same again adds nothing, and another catalog one state, of now.
      await ingest({ db, from: 'seed' })
      await ingest({ db, from: writeCatalog(folder, acme({ m: {} })), now: () => NOW })
      await ingest({ db, from: 'seed', now: () => NOW })
      expect(statesOf(db).slice(SEED_STATES.length - 1)).toMatchObject([
        { version: report.version },
        { at: NOW.toISOString() },
        { at: NOW.toISOString(), version: report.version },
      ])
    }))

  test('brings none to a file that had another catalog', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      await ingest({ db, from: writeCatalog(folder, acme({ m: {} })) })
      await ingest({ db, from: 'seed' })
      expect(statesOf(db)).toHaveLength(2)
    }))
})

const NOW = new Date('2026-11-01T12:34:56.789Z')

interface StateRow {
  at: string
  version: string
  last_change: number
}

function statesOf(file: string): StateRow[] {
  return withDatabase(openForReading(file), (db) =>
    db.prepare<[], StateRow>('SELECT * FROM state ORDER BY seq').all(),
  )
}

function sizes(file: string): unknown {
  return withDatabase(openForReading(file), (db) => [
    db.pragma('page_count', { simple: true }),
    db.prepare('SELECT count(*) FROM state').pluck().get(),
    db.prepare('SELECT count(*) FROM change').pluck().get(),
  ])
}

/** Ingests catalogs one after the other: the reports, and what was recorded in reading order. */
async function ingestAll(catalogs: readonly object[]) {
  const reports: Awaited<ReturnType<typeof ingest>>[] = []
  let changes: unknown[][] = []
  await inTemporaryFolder(async (folder) => {
    const db = join(folder, 'catalog.db')
    for (const catalog of catalogs) {
      reports.push(await ingest({ db, from: writeCatalog(folder, catalog) }))
    }
    changes = withDatabase(openForReading(db), (connection) =>
      connection
        .prepare<[], unknown[]>(
          `SELECT st.seq, subject, kind, field, before, after FROM v_change c JOIN state st ON st.version = c.version
           WHERE st.at = c.at ORDER BY st.seq, c.id DESC`,
        )
        .raw()
        .all(),
    )
  })
  return { reports, changes }
}

/** Ingests catalogs one after the other; then each state must be what was ingested. */
async function expectRebuilt(catalogs: readonly object[]): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const file = join(folder, 'catalog.db')
    const wanted: [version: string, catalog: string][] = []
    for (const catalog of catalogs) {
      const { version, unchanged } = await ingest({ db: file, from: writeCatalog(folder, catalog) })
      if (!unchanged) wanted.push([version, canonicalJson(withIds(catalog))])
    }
    const found = withDatabase(openForReading(file), (db) =>
      db
        .prepare<[], StateRow>('SELECT * FROM state ORDER BY seq')
        .all()
        .map((state) => [state.version, canonicalJson(apiJsonOf(db, state.last_change))]),
    )
    expect(found).toEqual(wanted)
  })
}

function apiJsonOf(db: Database, lastChange: number): object {
  return Object.fromEntries(
    catalogOf(db, lastChange).map(({ id, head, models }) => [
      id,
      { ...head, models: Object.fromEntries(models) },
    ]),
  )
}

/** The file gives back an id for all that came without one. */
function withIds(catalog: object): object {
  return Object.fromEntries(
    Object.entries(catalog).map(([id, { models, ...head }]) => [
      id,
      {
        id,
        ...head,
        models: Object.fromEntries(
          Object.entries(models).map(([key, model]) => [
            key,
            Object.assign(Object.create(null), { id: key }, model),
          ]),
        ),
      },
    ]),
  )
}
