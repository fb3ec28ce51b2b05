import { copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openCatalog } from '../../src/catalog/catalog.ts'
import { parseListQuery } from '../../src/catalog/params.ts'
import { APPLICATION_ID, openForReading, openForWriting, withDatabase } from '../../src/db/open.ts'
import { SCHEMA_VERSION } from '../../src/db/schema-version.ts'
import { readDataset } from '../../src/ingest/dataset.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { prepareCatalogFile } from '../../src/ingest/prepare.ts'
import { seededCatalog } from '../service.ts'
import { acme, inTemporaryFolder, writeCatalog } from './catalogs.ts'

const MIGRATIONS = join(import.meta.dirname, '..', '..', 'migrations')
const ONE = acme({ 'm-1': { id: 'm-1', name: 'One', cost: { input: 1, output: 2 } } })

test('a missing file, and its folder, are made', () =>
  inTemporaryFolder(async (folder) => {
    const db = join(folder, 'deep', 'er', 'catalog.db')
    expect(await prepareCatalogFile(db)).toEqual({ empty: true })
    expect(await prepareCatalogFile(db)).toEqual({ empty: true })
    await ingest({ db, from: writeCatalog(folder, ONE) })
    expect(await prepareCatalogFile(db)).toEqual({ empty: false })
  }))

test('an empty file is a catalog to be', () =>
  inTemporaryFolder(async (folder) => {
    const db = join(folder, 'catalog.db')
    writeFileSync(db, '')
    expect(await ingest({ db, from: writeCatalog(folder, ONE) })).toMatchObject({ added: 1 })
  }))

test('a first ingest that fails half-way does not stand in the way of the next', () =>
  inTemporaryFolder(async (folder) => {
    const db = join(folder, 'catalog.db')
    const from = writeCatalog(folder, ONE)
    const onProgress = () => {
      throw new Error('half-way')
    }
    await expect(ingest({ db, from, onProgress })).rejects.toThrow('half-way')
    expect(await ingest({ db, from })).toMatchObject({ added: 1 })
  }))

describe('a file that is not ours to write is left as it is, and the way out is named', () => {
  const rebuild = /modeldex ingest --db ".*catalog\.db"/
  test.each<[what: string, make: (file: string) => Promise<void> | void, message: RegExp]>([
    [
      'no SQLite file',
      (file) => writeFileSync(file, 'not a database at all, but long enough to be one'.repeat(9)),
      /no SQLite file/,
    ],
    ['a file of a few bytes', (file) => writeFileSync(file, 'SQLite'), /no SQLite file/],
    [
      'a file cut short',
      async (file) => {
        copyFileSync(await seededCatalog(), file)
        truncateSync(file, 1_000_000)
      },
      /cut short: 1000000 of/,
    ],
    [
      'another program’s database',
      (file) =>
        withDatabase(openForWriting(file), (db) => {
          db.exec('CREATE TABLE theirs (a)')
          db.pragma('application_id = 1')
          db.pragma('journal_mode = DELETE')
        }),
      /another program/,
    ],
    [
      'a database nobody signed',
      (file) =>
        withDatabase(openForWriting(file), (db) => {
          db.pragma('application_id = 0')
          db.pragma('journal_mode = DELETE')
          db.exec('CREATE TABLE theirs (a)')
        }),
      /another program/,
    ],
  ])('%s', async (_what, make, message) => {
    await inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      await make(db)
      const before = readFileSync(db)
      const from = writeCatalog(folder, ONE)
      for (const attempt of [
        () => prepareCatalogFile(db),
        () => ingest({ db, from }),
        async () => openCatalog(db),
      ]) {
        const error = await attempt().then(
          () => undefined,
          (error: unknown) => error,
        )
        expect(error).toMatchObject({ code: 'database', message: expect.stringMatching(message) })
        expect(error).toMatchObject({ message: expect.stringMatching(rebuild) })
        expect(error).toMatchObject({ message: expect.stringContaining(db) })
      }
      expect(readFileSync(db).equals(before)).toBe(true)
    })
  })

  test('pages overwritten in the middle', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      const bytes = readFileSync(await seededCatalog())
      bytes.fill(0xab, 200_000, 600_000)
      writeFileSync(db, bytes)
      await expect(ingest({ db, from: writeCatalog(folder, ONE) })).rejects.toThrow(rebuild)
      expect(readFileSync(db).equals(bytes)).toBe(true)
    }))

  test('a newer schema', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      const from = writeCatalog(folder, ONE)
      await ingest({ db, from })
      withDatabase(openForWriting(db), (connection) =>
        connection.pragma(`user_version = ${SCHEMA_VERSION + 1}`),
      )
      const before = readFileSync(db)
      for (const attempt of [
        () => prepareCatalogFile(db),
        () => ingest({ db, from }),
        async () => openCatalog(db),
      ]) {
        await expect(attempt()).rejects.toThrow(/newer modeldex.*update modeldex/)
      }
      expect(readFileSync(db).equals(before)).toBe(true)
    }))

  test('a database that another process holds locked', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      const from = writeCatalog(folder, ONE)
      await ingest({ db, from })
      const holder = openForWriting(db)
      try {
        holder.pragma('journal_mode = DELETE')
        holder.exec('BEGIN EXCLUSIVE')
        expect(() => openCatalog(db)).toThrow(/locked by another process/)
        holder.exec('COMMIT')
      } finally {
        holder.close()
      }
    }))
})

test.each(range(1, SCHEMA_VERSION - 1))(
  'a file of schema %i is migrated, and what it serves is built again',
  (schema) =>
    inTemporaryFolder(async (folder) => {
      const [fresh, db] = [join(folder, 'fresh.db'), join(folder, 'catalog.db')]
      await ingest({ db: fresh, from: writeCatalog(folder, ONE) })
      const held = withDatabase(openForReading(fresh), readDataset)
      makeOlder(fresh, db, schema)
      expect(() => openCatalog(db)).toThrow(/older schema/)
      expect(await prepareCatalogFile(db)).toEqual({ empty: false })
      expect(withDatabase(openForReading(db), readDataset)).toEqual(held)
      const catalog = openCatalog(db)
      expect(JSON.parse(String(catalog.list(parseListQuery([['query', 'm1']])).body))).toMatchObject({
        total: 1,
      })
      expect(catalog.list(parseListQuery([['query', 'amce']])).didYouMean).toEqual(['acme'])
      catalog.close()
    }),
)

test('a migration that fails leaves the file as it was', () =>
  inTemporaryFolder(async (folder) => {
    const [fresh, db] = [join(folder, 'fresh.db'), join(folder, 'catalog.db')]
    await ingest({ db: fresh, from: writeCatalog(folder, ONE) })
    makeOlder(fresh, db, 1)
    // The second migration makes entry_search first, then finds v_model in its way.
    withDatabase(openForWriting(db), (connection) => connection.exec('CREATE VIEW v_model AS SELECT 1'))
    await expect(prepareCatalogFile(db)).rejects.toThrow(/v_model already exists/)
    withDatabase(openForReading(db), (connection) => {
      expect(connection.pragma('user_version', { simple: true })).toBe(1)
      expect(
        connection.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'entry_search'").pluck().get(),
      ).toBe(0)
    })
  }))

/** Writes the content of a catalog as an older schema held it: what is derived from it is missing. */
function makeOlder(from: string, to: string, schema: number): void {
  withDatabase(openForWriting(to), (db) => {
    const files = readdirSync(MIGRATIONS).filter((name) => name.endsWith('.sql'))
    for (const name of files.sort().slice(0, schema)) db.exec(readFileSync(join(MIGRATIONS, name), 'utf8'))
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.pragma(`user_version = ${schema}`)
    db.prepare('ATTACH ? AS fresh').run(from)
    // Before 0008_shared_facts each model had rows of its own.
    const facts = schema < 9 ? ['model_cost'] : ['cost_set', 'limit_set']
    for (const table of ['dataset', 'provider', 'provider_env', 'model', ...facts]) {
      const columns = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table).join(', ')
      db.exec(`INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM fresh.${table}`)
    }
    db.exec("UPDATE dataset SET build = 'older'")
  })
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

test('serving rows of another build are built again from the rows of the truth', () =>
  inTemporaryFolder(async (folder) => {
    const [db, fresh] = [join(folder, 'catalog.db'), join(folder, 'fresh.db')]
    copyFileSync(await seededCatalog(), db)
    copyFileSync(db, fresh)
    withDatabase(openForWriting(db), (connection) => {
      connection.exec(
        "UPDATE dataset SET build = 'other'; DELETE FROM entry; DELETE FROM entry_body; DELETE FROM entry_set",
      )
      connection.exec("INSERT INTO entry_text(entry_text) VALUES ('delete-all')")
      connection.exec("DELETE FROM word; INSERT INTO word_near(word_near) VALUES ('delete-all')")
    })
    expect(await prepareCatalogFile(db)).toEqual({ empty: false })
    for (const table of [
      'dataset',
      'model',
      'model_cost',
      'entry',
      'entry_body',
      'entry_set',
      'entry_column',
      'entry_order',
      'entry_stretch',
      'entry_key',
      'entry_text_data',
      'entry_pair',
      'entry_tail',
      'word',
      'word_near_data',
    ]) {
      expect(rowsOf(db, table), table).toEqual(rowsOf(fresh, table))
    }
  }))

function rowsOf(file: string, table: string): unknown[] {
  return withDatabase(openForReading(file), (db) => db.prepare(`SELECT * FROM ${table}`).raw().all())
}
