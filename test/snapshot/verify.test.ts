import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openForWriting, withDatabase } from '../../src/db/open.ts'
import { fingerprintOfFile } from '../../src/snapshot/file-digest.ts'
import { makeManifest, manifestText } from '../../src/snapshot/manifest.ts'
import { verifySnapshot } from '../../src/snapshot/verify.ts'
import { runProgram } from '../cli/program.ts'
import { temporaryFolder } from '../service.ts'
import { folderForTest, ingestAt, smallCatalog, snapshotOf } from './files.ts'

const folder = temporaryFolder()
const file = join(folder, 'snapshot.db')
let db: string
let whole: Buffer
let manifest: string

beforeAll(async () => {
  db = await smallCatalog(folder)
  await snapshotOf(db, file)
  whole = readFileSync(file)
  manifest = readFileSync(`${file}.json`, 'utf8')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The snapshot with these bytes or this manifest, in a folder of its own. */
function altered({ bytes = whole, said = manifest }: { bytes?: Buffer; said?: string }): string {
  const copy = join(folderForTest(), 'snapshot.db')
  writeFileSync(copy, bytes)
  writeFileSync(`${copy}.json`, said)
  return copy
}

/** What verify says of a file of other content, whose manifest has been made to fit its bytes. */
async function verifyForged(work: string, change: Record<string, unknown> = {}) {
  const copy = join(folderForTest(), 'snapshot.db')
  writeFileSync(copy, whole)
  withDatabase(openForWriting(copy), (connection) => {
    connection.unsafeMode()
    connection.exec(work)
    connection.pragma('journal_mode = DELETE')
  })
  const said = { ...JSON.parse(manifest), ...change }
  const forged = makeManifest(said, { source: said.source, ...(await fingerprintOfFile(copy)) })
  writeFileSync(`${copy}.json`, manifestText(forged))
  return verifySnapshot(copy)
}

it('a snapshot is what its manifest says', async () => {
  const { code, stdout, stderr } = await runProgram(['snapshot', 'verify', file])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(
    new RegExp(`^verified ${file}: 4 models of 3 providers, .*\\n[\\s\\S]*sha256 [0-9a-f]{64}\\n$`),
  )
})

describe('finds', () => {
  it('any flipped bit', async () => {
    const places = [0, 18, 24, 27, 43, 60, 68, 92, 96, whole.length - 1]
    for (let round = 0; round < 40; round++) places.push(Math.floor(Math.random() * whole.length))
    for (const place of places) {
      const bytes = Buffer.from(whole)
      bytes[place] = (bytes[place] ?? 0) ^ (1 << (place % 8))
      await expect(verifySnapshot(altered({ bytes })), `byte ${place}`).rejects.toThrow(
        /: its sha256 is \w+, not \w+$/,
      )
    }
  })

  it('what is missing at the end, or stands behind it', async () => {
    const lengths = [0, 1, 99, 100, 4096, whole.length - 4096, whole.length - 1]
    for (let round = 0; round < 10; round++) lengths.push(Math.floor(Math.random() * whole.length))
    for (const length of lengths) {
      const copy = altered({})
      truncateSync(copy, length)
      await expect(verifySnapshot(copy)).rejects.toThrow(
        `its bytes is ${length}, not ${whole.length}; its sha256 is`,
      )
    }
    const longer = altered({ bytes: Buffer.concat([whole, Buffer.alloc(1)]) })
    await expect(verifySnapshot(longer)).rejects.toThrow(
      `its bytes is ${whole.length + 1}, not ${whole.length}`,
    )
  })

  it('any altered field of the manifest', async () => {
    for (const [name, value] of Object.entries(JSON.parse(manifest))) {
      const others = [otherThan(value), null, undefined]
      for (const other of others.filter((other) => other !== value)) {
        const said = JSON.stringify({ ...JSON.parse(manifest), [name]: other })
        const verified = verifySnapshot(altered({ said }))
        await expect(verified, name).rejects.toThrow(/json (was altered|is no manifest of a snapshot)/)
      }
    }
    for (const said of [
      '',
      '{}',
      '[]',
      'null',
      manifest.slice(0, -5),
      JSON.stringify({ ...JSON.parse(manifest), x: 1 }),
    ]) {
      await expect(verifySnapshot(altered({ said }))).rejects.toThrow(/json is no manifest of a snapshot/)
    }
  })

  it('any field that was altered with the digests', async () => {
    const fields = Object.entries(JSON.parse(manifest)).filter(
      ([name]) => !/^source$|sha256$|^bytes$/.test(name),
    )
    for (const [name, value] of fields) {
      const other = otherThan(value)
      await expect(verifyForged('SELECT 1', { [name]: other }), name).rejects.toThrow(
        `its ${name} is ${value}, not ${other}`,
      )
    }
    await expect(verifyForged('SELECT 1')).resolves.toMatchObject({ models: 4 })
  })

  it.each([
    ['a price', 'UPDATE model_cost SET usd_per_mtok = 9', /its model \S+ is not what it was made from/],
    ['a digest', "UPDATE model SET digest = '0' WHERE pk = 1", /its model \S+ is not what it was made from/],
    ['a provider', "UPDATE provider SET name = 'Acne' WHERE id = 'acme'", /its tables make another version/],
    ['a model', 'DELETE FROM model WHERE pk = 1', /its table model has 3 rows, not 4/],
    ['an entry', 'DELETE FROM entry WHERE id = 1', /its table entry has 3 rows, not 4/],
    ['a state', "UPDATE state SET version = 'x' WHERE seq = 2", /its history does not lead to what it holds/],
    ['a subject', 'DELETE FROM subject', /its history does not lead to what it holds/],
    ['another program', 'PRAGMA application_id = 1', /it cannot be read \(.* of another program/],
    [
      'an index',
      "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'model_by_id'",
      /damaged|cannot be read/,
    ],
  ])('%s that was altered with the manifest', async (_what, work, message) => {
    await expect(verifyForged(work)).rejects.toThrow(message)
  })

  it('a file or a manifest that is missing', async () => {
    const [lone, empty] = [altered({}), folderForTest()]
    rmSync(`${lone}.json`)
    await expect(verifySnapshot(lone)).rejects.toThrow(/^cannot read the manifest: ENOENT/)
    writeFileSync(join(empty, 'snapshot.db.json'), manifest)
    const { code, stdout, stderr } = await runProgram(['snapshot', 'verify', join(empty, 'snapshot.db')])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^modeldex: .*snapshot\.db is not what its manifest says: it cannot be read \(ENOENT.*\)\n$/,
    )
  })

  it('a log of writes beside it', async () => {
    const copy = altered({})
    writeFileSync(`${copy}-wal`, 'x')
    await expect(verifySnapshot(copy)).rejects.toThrow('snapshot.db-wal stands beside it')
  })
})

/** A value of the same kind; what is null may be a digest. */
function otherThan(value: unknown): unknown {
  if (value === null) return '0'.repeat(64)
  return typeof value === 'number' ? value + 1 : `${value}0`
}

it('catalogs whose models and providers came without their own ids verify as well', async () => {
  const mine = folderForTest()
  const mixed = {
    a: { id: 'a', models: { m: { id: 'm' }, n: { name: 'N' } } },
    b: { models: { m: {} } },
    c: { id: 'another', models: { m: { id: 'other' } } },
  }
  const own = join(mine, 'catalog.db')
  await ingestAt(own, mixed, '2026-10-01T00:00:00Z', mine)
  await snapshotOf(own, join(mine, 'snapshot.db'))
  await expect(verifySnapshot(join(mine, 'snapshot.db'))).resolves.toMatchObject({ models: 4 })
})
