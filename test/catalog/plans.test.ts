import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileList } from '../../src/catalog/compile.ts'
import { getter } from '../../src/catalog/get.ts'
import { parseListQuery } from '../../src/catalog/params.ts'
import type { Database } from '../../src/db/open.ts'
import { openSeededCopy } from '../service.ts'

let db: Database
let close: () => void
beforeAll(async () => {
  const copy = await openSeededCopy()
  db = copy.db
  close = copy.close
})
afterAll(() => close())

function planOf(sql: string): string[] {
  const names = [...sql.matchAll(/@(\w+)/g)].map(([, name]): [string, number] => [name ?? '', 1])
  const positional = sql.match(/\?/g)?.map(() => 1) ?? []
  const values = names.length > 0 ? [Object.fromEntries(names)] : positional
  return db
    .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...values)
    .map(({ detail }) => detail)
}

test.each<[query: string, page: RegExp, count: RegExp]>([
  ['', /SCAN e$/m, /SCAN entry USING COVERING INDEX/],
  ['provider=openai', /SEARCH e USING COVERING INDEX entry_by_provider/, /COVERING INDEX entry_by_provider/],
  ['featured=true', /USING COVERING INDEX entry_by_featured/, /COVERING INDEX entry_by_featured/],
  ['min_context=100000&capabilities=reasoning', /SCAN e$/m, /SCAN e$/m],
])('browsing by %s needs no sort of its matches', (query, page, count) => {
  const compiled = compileList(parseListQuery([...new URLSearchParams(query)]))
  const plan = planOf(compiled?.page.sql ?? '').join('\n')
  expect(plan).toMatch(page)
  // The page itself is put in order again, which is a sort of at most 100 rows.
  const matching = plan.slice(0, plan.indexOf('SCAN p'))
  expect(matching).not.toMatch(/TEMP B-TREE/)
  expect(planOf(compiled?.count?.sql ?? '').join('\n')).toMatch(count)
})

test.each([
  'query=claude opus',
  'query=claude&provider=openai&min_price=1',
  'query=o3',
  'query=claude o3&capabilities=reasoning',
  'query=!',
])('searching by %s reads the index once, and only the entries it finds', (query) => {
  const compiled = compileList(parseListQuery([...new URLSearchParams(query)]))
  expect(compiled?.count).toBeNull()
  const plan = planOf(compiled?.page.sql ?? '')
  expect(plan.filter((step) => /^SCAN f VIRTUAL TABLE/.test(step))).toHaveLength(1)
  expect(plan.filter((step) => /^SCAN [et]\b/.test(step))).toEqual([])
  expect(plan.filter((step) => /^SEARCH [etb] USING INTEGER PRIMARY KEY/.test(step))).toHaveLength(3)
})

test('a model, and near ids for one that is missing, are found by index', () => {
  const statements: string[] = []
  const prepare = db.prepare.bind(db)
  const recording = Object.create(db, {
    prepare: {
      value: (sql: string) => {
        statements.push(sql)
        return prepare(sql)
      },
    },
  })
  getter(recording)
  expect(statements.length).toBeGreaterThan(3)
  for (const sql of statements) {
    const plan = planOf(sql)
    expect(plan.join('\n'), sql).not.toMatch(/SCAN|TEMP B-TREE/)
    expect(plan.join('\n'), sql).toMatch(/SEARCH/)
  }
})
