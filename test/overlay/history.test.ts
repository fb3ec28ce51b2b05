import { expect, test } from 'vitest'
import { openForReading, withDatabase } from '../../src/db/open.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { prepareCatalogFile } from '../../src/ingest/prepare.ts'
import { workplace } from './files.ts'

const price = (input: number) => ({ override: { acme: { models: { 'm-1': { cost: { input } } } } } })

interface Recorded {
  at: string
  kind: string
  id: string
  field: string | null
  before: string | null
  after: string | null
}

/** What was recorded, the oldest first. */
function changesIn(file: string): Recorded[] {
  return withDatabase(openForReading(file), (db) =>
    db
      .prepare<[], Recorded>(
        `SELECT at, kind, lower_id AS id, field, before, after
         FROM change JOIN state ON state.seq = change.state JOIN subject ON subject.id = change.subject
         ORDER BY change.id`,
      )
      .all(),
  )
}

const statesIn = (file: string) =>
  withDatabase(openForReading(file), (db) =>
    db.prepare<[], { at: string; version: string }>('SELECT at, version FROM state ORDER BY seq').all(),
  )

test('what an overlay changes is history, by an ingest and by a start, each at its time', async () => {
  const { db, ingest, write } = workplace()
  await ingest(undefined, '2026-01-01T00:00:00Z')
  await ingest(price(2), '2026-01-02T00:00:00Z')
  const overlay = write('overlay.json', price(1))
  await prepareCatalogFile(db, { overlay, now: () => new Date('2026-01-03T00:00:00Z') })
  await prepareCatalogFile(db, { now: () => new Date('2026-01-04T00:00:00Z') })
  const change = { kind: 'changed', id: 'acme/m-1', field: 'cost.input' }
  expect(changesIn(db)).toEqual([
    { ...change, at: '2026-01-02T00:00:00.000Z', before: '3', after: '2' },
    { ...change, at: '2026-01-03T00:00:00.000Z', before: '2', after: '1' },
    { ...change, at: '2026-01-04T00:00:00.000Z', before: '1', after: '3' },
  ])
})

test('an overlay without effect on the catalog is no state of it', async () => {
  const { db, ingest } = workplace()
  await ingest()
  await ingest({ override: { acme: { models: { gone: null } } } })
  expect(statesIn(db)).toHaveLength(1)
})

test('the seed’s history leads to the seed, and the overlay on from there', async () => {
  const { db, write } = workplace()
  const overlay = write('overlay.json', {
    override: { openai: { models: { 'gpt-5': { cost: { input: 0.5 } } } } },
    add: { own: { id: 'own', models: { a: { id: 'a' } } } },
  })
  const report = await ingest({ db, from: 'seed', overlay, now: () => new Date('2026-10-02T00:00:00Z') })
  expect(report).toMatchObject({
    previousVersion: null,
    added: report.models,
    changed: 0,
    unchanged: false,
    overlayNotices: [],
  })
  const states = statesIn(db)
  expect(states.length).toBeGreaterThan(10)
  expect(states.at(-1)).toEqual({ at: '2026-10-02T00:00:00.000Z', version: report.version })
  const last = changesIn(db).filter(({ at }) => at === '2026-10-02T00:00:00.000Z')
  expect(last.map(({ kind, id, field }) => [kind, id, field]).sort()).toEqual([
    ['added', 'own', null],
    ['added', 'own/a', null],
    ['changed', 'openai/gpt-5', 'cost.input'],
  ])
  const plain = workplace()
  await ingest({ db: plain.db, from: 'seed', now: () => new Date('2026-10-02T00:00:00Z') })
  expect(states.slice(0, -1)).toEqual(statesIn(plain.db))
})
