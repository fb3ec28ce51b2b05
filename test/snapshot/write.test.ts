import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openForReading, openForWriting, withDatabase } from '../../src/db/open.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { prepareCatalogFile } from '../../src/ingest/prepare.ts'
import { verifySnapshot } from '../../src/snapshot/verify.ts'
import { runProgram } from '../cli/program.ts'
import { writeCatalog } from '../ingest/catalogs.ts'
import { overlayRows } from '../overlay/files.ts'
import { fakeUpstream, sends } from '../source/fake-upstream.ts'
import {
  FIRST,
  FIRST_TIME,
  folderForTest,
  ingestAt,
  SECOND,
  SECOND_TIME,
  seededCopy,
  smallCatalog,
  snapshotOf,
} from './files.ts'

/** The same JSON value with the members of its objects the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  )
}

/** Pages and index segments in another order, and another build's serving tables. */
async function churn(db: string): Promise<void> {
  withDatabase(openForWriting(db), (connection) => {
    connection.exec('CREATE TABLE junk AS SELECT * FROM entry_body; DELETE FROM junk; DROP TABLE junk')
    for (const index of ['entry_text', 'word_near'])
      connection.exec(`INSERT INTO ${index}(${index}) VALUES ('optimize')`)
    connection.exec('DELETE FROM entry; DELETE FROM entry_body')
    connection.exec("UPDATE dataset SET build = 'other'")
    connection.exec('VACUUM')
  })
  await prepareCatalogFile(db)
}

describe('equal content, history and time of fetch make equal bytes', () => {
  it('whatever way it came', async () => {
    const folder = folderForTest()
    const bytesOf = async (db: string) => {
      const file = `${db}.snapshot`
      await snapshotOf(db, file)
      return readFileSync(file)
    }
    const straight = await bytesOf(await smallCatalog(folder))

    const roundabout = join(folder, 'roundabout.db')
    await ingestAt(roundabout, reversed(FIRST) as object, FIRST_TIME, folder)
    await churn(roundabout)
    await ingestAt(roundabout, FIRST, '2026-10-01T11:00:00Z', folder)
    await churn(roundabout)
    const upstream = await fakeUpstream(sends(JSON.stringify(reversed(SECOND), null, 2)))
    await ingest({ db: roundabout, from: upstream.url, now: () => new Date('2026-10-02T10:00:00Z') })
    await churn(roundabout)
    expect((await bytesOf(roundabout)).equals(straight)).toBe(true)

    // A machine that had only a snapshot of the first state, and went on from it.
    const [first, moved] = [join(folder, 'first.db'), join(folder, 'moved.db')]
    await ingestAt(first, FIRST, FIRST_TIME, folder)
    await snapshotOf(first, join(folder, 'first.snapshot'))
    copyFileSync(join(folder, 'first.snapshot'), moved)
    await ingestAt(moved, SECOND, SECOND_TIME, folder)
    expect((await bytesOf(moved)).equals(straight)).toBe(true)
    expect((await bytesOf(join(folder, 'moved.db.snapshot'))).equals(straight)).toBe(true)
  })

  it('whatever the order of what an overlay says', async () => {
    const folder = folderForTest()
    const overlay = {
      add: { own: { id: 'own', models: { b: { id: 'b' }, a: { id: 'a', cost: { output: 2, input: 1 } } } } },
      override: {
        acme: { name: 'Ours', models: { large: { cost: { output: 9, input: 7 } }, none: { name: 'N' } } },
      },
      deny: ['zeta'],
    }
    const files: Buffer[] = []
    for (const [name, said] of Object.entries({ one: overlay, other: reversed(overlay) })) {
      const [db, file] = [join(folder, `${name}.db`), join(folder, name)]
      writeFileSync(`${file}.json`, JSON.stringify(said))
      const from = writeCatalog(folder, name === 'one' ? FIRST : (reversed(FIRST) as object))
      await ingest({ db, from, overlay: `${file}.json`, now: () => new Date(FIRST_TIME) })
      await snapshotOf(db, `${file}.snapshot`)
      await expect(verifySnapshot(`${file}.snapshot`)).resolves.toMatchObject({ models: 5 })
      expect(overlayRows(`${file}.snapshot`)).toEqual(overlayRows(db))
      files.push(readFileSync(`${file}.snapshot`))
    }
    expect(files[0]?.equals(files[1] ?? Buffer.of())).toBe(true)
  })

  it('whatever the order of members', async () => {
    const folder = folderForTest()
    const member = fc.dictionary(
      fc.constantFrom('name', 'status', 'x', 'y', 'family'),
      fc.string({ maxLength: 3 }),
    )
    const cost = fc.dictionary(
      fc.constantFrom('input', 'output', 'cache_read'),
      fc.integer({ min: 0, max: 9 }),
    )
    const model = fc.tuple(member, cost).map(([said, cost]) => ({ ...said, cost }))
    const catalogs = fc.dictionary(
      fc.constantFrom('a', 'B', 'c-d'),
      fc
        .dictionary(fc.constantFrom('m', 'M', 'n/o', '1'), model, { minKeys: 1 })
        .map((models) => ({ models })),
      { minKeys: 1 },
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(catalogs, async (catalog) => {
        const hashes: string[] = []
        for (const sent of [catalog, reversed(catalog) as object]) {
          const db = join(folder, `${++run}.db`)
          await ingestAt(db, sent, FIRST_TIME, folder)
          hashes.push((await snapshotOf(db, `${db}.snapshot`)).sha256)
        }
        expect(hashes[0]).toBe(hashes[1])
      }),
      { numRuns: 15 },
    )
  })

  it('and another time of fetch other ones', async () => {
    const folder = folderForTest()
    const db = await smallCatalog(folder)
    const one = await snapshotOf(db, join(folder, 'one.db'))
    await ingestAt(db, SECOND, '2026-10-03T10:00:00Z', folder)
    const other = await snapshotOf(db, join(folder, 'other.db'))
    expect(other).toMatchObject({ version: one.version, states: one.states, bytes: one.bytes })
    expect(other.sha256).not.toBe(one.sha256)
  })
})

it('holds every row of the catalog, and its history', async () => {
  const folder = folderForTest()
  const db = await seededCopy(folder)
  const file = join(folder, 'snapshot.db')
  const manifest = await snapshotOf(db, file)
  expect(manifest).toMatchObject({ source: 'seed', providers: 225, models: 8337, states: 15 })
  const rowsOf = (path: string) =>
    withDatabase(openForReading(path), (connection) => {
      const tables = connection
        .prepare<[], string>(
          "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        )
        .pluck()
        .all()
        .sort()
      const count = (table: string) => connection.prepare(`SELECT count(*) FROM "${table}"`).pluck().get()
      return tables.map((table) => [table, count(table)])
    })
  expect(rowsOf(file)).toEqual(rowsOf(db))
})

it('without history it begins with what it holds', async () => {
  const folder = folderForTest()
  const file = join(folder, 'snapshot.db')
  const manifest = await snapshotOf(await smallCatalog(folder), file, { history: false })
  expect(manifest).toMatchObject({ states: 1, changes: 0 })
  expect(await runProgram(['changes', '--db', file])).toMatchObject({ code: 0, stdout: '' })
  // However it came to be.
  const late = join(folder, 'late.db')
  await ingestAt(late, SECOND, SECOND_TIME, folder)
  expect((await snapshotOf(late, `${late}.snapshot`)).sha256).toBe(manifest.sha256)
})

describe('the file', () => {
  it('opens read-only in a folder that nobody may write to', async () => {
    const folder = folderForTest()
    const shelf = join(folder, 'shelf')
    mkdirSync(shelf)
    await snapshotOf(await smallCatalog(folder), join(shelf, 'snapshot.db'))
    chmodSync(shelf, 0o555)
    chmodSync(join(shelf, 'snapshot.db'), 0o444)
    expect(await runProgram(['changes', '--db', join(shelf, 'snapshot.db'), '--json'])).toMatchObject({
      code: 0,
    })
    expect(readdirSync(shelf)).toEqual(['snapshot.db', 'snapshot.db.json'])
    chmodSync(shelf, 0o755)
  })

  it('takes no place that is taken, unless it is a snapshot and told to', async () => {
    const folder = folderForTest()
    const db = await smallCatalog(folder)
    const file = join(folder, 'snapshot.db')
    await snapshotOf(db, file)
    await expect(snapshotOf(db, file)).rejects.toThrow('snapshot.db is there already: --force replaces it')
    expect((await snapshotOf(db, file, { force: true })).models).toBe(4)
    await expect(snapshotOf(db, db, { force: true })).rejects.toThrow('catalog.db is the catalog itself')
    const [other, holder] = [await smallCatalog(folder, 'other.db'), join(folder, 'other.db')]
    const connection = openForWriting(holder)
    connection.exec('UPDATE dataset SET set_aside = 0')
    await expect(snapshotOf(db, other, { force: true })).rejects.toThrow('other.db is a catalog in use')
    connection.close()
  })

  it('is not there, nor anything else, when the disk is full', async () => {
    const folder = folderForTest()
    const db = await seededCopy(folder)
    // 2 MB, in blocks of 512 bytes.
    const wrapper = ['sh', '-c', 'ulimit -f 4096 && exec "$@"', 'sh']
    const before = readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name))
    const { code, stderr } = await runProgram(
      ['snapshot', 'export', join(folder, 'snapshot.db'), '--db', db],
      { wrapper },
    )
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^modeldex: cannot use .*: (disk I\/O error|.*full) \(SQLITE_(IOERR_WRITE|FULL)\)\n$/,
    )
    expect(readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name))).toEqual(before)
  })

  it('is never written to while its manifest stands beside it', async () => {
    const folder = folderForTest()
    const file = join(folder, 'snapshot.db')
    await snapshotOf(await smallCatalog(folder), file)
    const bytes = readFileSync(file)
    const from = writeCatalog(folder, FIRST)
    const { code, stderr } = await runProgram(['ingest', '--db', file, '--from', from])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'modeldex: The catalog is a snapshot and stays as it is: a copy of it, without the manifest beside it, can be refreshed\n',
    })
    await expect(ingest({ db: file, from })).rejects.toThrow('stays as it is')
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(readdirSync(folder).filter((name) => name.startsWith('snapshot'))).toHaveLength(2)
  })
})

it('export prints what it wrote', async () => {
  const folder = folderForTest()
  const db = await smallCatalog(folder)
  const file = join(folder, 'shelf', 'snapshot.db')
  const { code, stdout, stderr } = await runProgram(['snapshot', 'export', file, '--db', db])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { version, sha256 } = JSON.parse(readFileSync(`${file}.json`, 'utf8'))
  expect(stdout).toBe(
    `${file}: 4 models of 3 providers, fetched 2026-10-02T10:00:00.000Z\n` +
      `5 changes in 2 states, 0.2 MB\nversion ${version}\nsha256 ${sha256}\n`,
  )
  const missing = await runProgram(['snapshot', 'export', file, '--force', '--db', join(folder, 'none.db')])
  expect(missing).toMatchObject({ code: 1, stdout: '' })
  expect(existsSync(join(folder, 'none.db'))).toBe(false)
  expect(await runProgram(['snapshot', 'export', '--db', db])).toMatchObject({ code: 2 })
})
