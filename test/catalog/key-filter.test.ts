import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { keyFilter } from '../../src/catalog/key-filter.ts'

function catalogWith(keys: readonly string[]) {
  const db = new Sqlite(':memory:')
  db.exec('CREATE TABLE entry_key (kind TEXT, key TEXT, entry INTEGER)')
  const insert = db.prepare("INSERT INTO entry_key VALUES ('id', ?, 1)")
  for (const key of keys) insert.run(key)
  return db
}

it('knows every key, and takes few other texts for one', () => {
  const keys = Array.from({ length: 24_000 }, (_, place) => `acme${place}größe`)
  const mayBeKey = keyFilter(catalogWith(keys), 8_000)
  expect(keys.every(mayBeKey)).toBe(true)
  const others = keys.flatMap((key) => [`${key}r`, key.slice(0, -1), `x${key}`])
  expect(others.filter(mayBeKey).length).toBeLessThan(others.length / 10)
  expect(mayBeKey('')).toBe(false)
})

it('takes every text for a key where there are too many entries to read them all', () => {
  expect(keyFilter(catalogWith([]), 20_000)('acme')).toBe(false)
  expect(keyFilter(catalogWith([]), 20_001)('acme')).toBe(true)
})
