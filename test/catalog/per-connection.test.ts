import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { perConnection } from '../../src/db/per-connection.ts'

function inMemory() {
  const db = new Sqlite(':memory:')
  onTestFinished(() => void db.close())
  return db
}

it('makes a thing once for each connection, and follows its schema', () => {
  const [one, other] = [inMemory(), inMemory()]
  const tables = perConnection((db) => db.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck())
  one.exec('CREATE TABLE first (x)')
  expect([tables(one).get(), tables(other).get()]).toEqual([1, 0])
  expect(tables(one)).toBe(tables(one))
  expect(tables(other)).not.toBe(tables(one))
  one.exec('CREATE TABLE second (x)')
  expect(tables(one).get()).toBe(2)
})
