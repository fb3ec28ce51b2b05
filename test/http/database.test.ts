import { copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { seededCatalog, seededService } from '../service.ts'
import { FIRST, ingestAt, SECOND } from '../snapshot/files.ts'
import { expectEnvelope, get, LIST, serviceForTest } from './wire.ts'

const PATHS = [`${LIST}?query=claude`, `${LIST}/openai/gpt-4o`]

describe('a file that fails while it is served', () => {
  it('cut short: database_error, for both routes, leaking nothing', async () => {
    const service = await serviceForTest()
    truncateSync(service.db, 4096)
    for (const path of PATHS) {
      const answer = await get(service, path)
      const text = await answer.text()
      expectEnvelope(answer, text, 500, 'database_error')
      expect(text).not.toMatch(/\.ts|node_modules|SELECT/)
    }
    // What is wrong with a request is told all the same.
    for (const [query, status] of [
      ['query=%zz', 400],
      ['limit=0', 422],
    ]) {
      const answer = await get(service, `${LIST}?${query}`)
      expect({ query, status: answer.status }).toEqual({ query, status })
    }
  })

  it('locked: database_error until it is free again', async () => {
    const { dir } = await serviceForTest()
    const file = join(dir, 'locked.db')
    copyFileSync(await seededCatalog(), file)
    const other = new Sqlite(file)
    onTestFinished(() => void other.close())
    // A file in WAL mode lets readers in beside every writer.
    other.pragma('journal_mode = DELETE')
    const service = await serviceForTest({ db: file })
    // What was read at its start is read to the end of that turn.
    await setImmediate()
    other.exec('BEGIN EXCLUSIVE')
    for (const path of PATHS) {
      const answer = await get(service, path)
      expectEnvelope(answer, await answer.text(), 500, 'database_error')
    }
    other.exec('ROLLBACK')
    for (const path of PATHS) expect((await get(service, path)).status).toBe(200)
  })
})

describe('a file that cannot be served is refused at start', () => {
  it.each<[name: string, spoil: (file: string) => void, message: RegExp]>([
    ['no SQLite file', (file) => writeFileSync(file, 'x'.repeat(8192)), /damaged or no catalog/],
    ['cut short', (file) => truncateSync(file, 8192), /damaged or no catalog/],
    [
      'of a newer schema',
      (file) => {
        const db = new Sqlite(file)
        db.pragma('user_version = 999')
        db.close()
      },
      /newer modeldex/,
    ],
  ])('%s', async (_name, spoil, message) => {
    const service = await serviceForTest()
    const file = join(service.dir, 'other.db')
    copyFileSync(await seededCatalog(), file)
    spoil(file)
    await expect(seededService({ db: file })).rejects.toThrow(message)
    await expect(seededService({ db: file })).rejects.toThrow(file)
  })
})

it('a file in the place of another is not read with what SQLite keeps beside that one', async () => {
  const service = await serviceForTest({ catalog: FIRST })
  await ingestAt(service.db, SECOND, '2026-10-02T00:00:00Z', service.dir)
  const version = async () => {
    const answer = await get(service, LIST)
    await answer.text()
    return answer.headers.get('x-dataset-version')
  }
  const before = await version()
  const other = join(service.dir, 'other.db')
  await ingestAt(other, FIRST, '2026-10-03T00:00:00Z', service.dir)
  renameSync(other, service.db)
  const answer = await get(service, LIST)
  expectEnvelope(answer, await answer.text(), 500, 'database_error')
  for (const suffix of ['-wal', '-shm']) rmSync(service.db + suffix)
  const after = await version()
  expect(after).toMatch(/^[0-9a-f]{64}$/)
  expect(after).not.toBe(before)
})

it('a file that was taken away is read on where it is open, and told of where it is not', async () => {
  const service = await serviceForTest()
  rmSync(service.db)
  for (const path of [...PATHS, '/api/v1/inference/models?limit=1', '/api/v1/inference/dataset']) {
    expect((await get(service, path)).status).toBe(200)
  }
  for (const format of ['csv', 'ndjson']) {
    const answer = await get(service, `/api/v1/inference/models?format=${format}`)
    const text = await answer.text()
    expectEnvelope(answer, text, 500, 'database_error')
    expect(text).not.toContain(service.dir)
  }
})

it('a file that was taken away or replaced does not bring the service down', async () => {
  const service = await serviceForTest()
  const copy = join(service.dir, 'copy.db')
  copyFileSync(await seededCatalog(), copy)
  rmSync(service.db)
  expect([200, 500]).toContain((await get(service, PATHS[0] ?? '')).status)
  renameSync(copy, service.db)
  expect([200, 500]).toContain((await get(service, PATHS[0] ?? '')).status)
})
