import { afterAll, beforeAll, expect, test } from 'vitest'
import { numberedInserter } from '../../src/db/insert.ts'
import { migrate } from '../../src/db/migrate.ts'
import { type Database, openScratch } from '../../src/db/open.ts'

let db: Database
beforeAll(() => {
  db = openScratch()
  migrate(db, 'scratch')
})
afterAll(() => db.close())

const bodies = () => db.prepare('SELECT id, json FROM entry_body').raw().all()
const body = (id: number) => ({ id, json: `{"id":${id}}` })

test('rows that come by their key are numbered as they say', () => {
  const rows = Array.from({ length: 100 }, (_, place) => body(place + 1))
  const insert = numberedInserter(db, 'entryBody')
  insert.add(rows.slice(0, 1))
  insert.add(rows.slice(1))
  insert.flush()
  expect(bodies()).toEqual(rows.map(({ id, json }) => [id, json]))
})

test('a row out of its turn is refused', () => {
  const insert = numberedInserter(db, 'entryBody')
  expect(() => insert.add([body(102)])).toThrow('entry_body has no row 102 behind 100')
  insert.add([body(101)])
  expect(() => insert.add([body(101)])).toThrow('entry_body has no row 101 behind 101')
})

test('the index of what was written meanwhile stays in one piece', () => {
  db.exec('BEGIN; DELETE FROM entry_body')
  const insert = numberedInserter(db, 'entryBody')
  const index = db.prepare('INSERT INTO entry_text(rowid, folded) VALUES (?, ?)')
  for (let id = 1; id <= 1_000; id++) {
    insert.add([body(id)])
    index.run(id, `model ${id}`)
  }
  insert.flush()
  db.exec('COMMIT')
  const segments = db.prepare('SELECT count(DISTINCT segid) FROM entry_text_idx').pluck().get()
  expect(segments).toBe(1)
})
