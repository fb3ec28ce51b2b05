import { afterAll, beforeAll, expect, it } from 'vitest'
import { lister } from '../../src/catalog/list.ts'
import { parseListQuery } from '../../src/catalog/params.ts'
import { suggester } from '../../src/catalog/suggest.ts'
import type { Database } from '../../src/db/open.ts'
import { hostile, scripts } from '../oracle/hostile.ts'
import { openSeededCopy } from '../service.ts'

let db: Database
let close: () => void
beforeAll(async () => {
  const copy = await openSeededCopy()
  db = copy.db
  close = copy.close
})
afterAll(() => close())

/** Statements that one query may run; a search of its own is one. */
const MAX_STATEMENTS = 200

function counting() {
  const models = db.prepare<[], number>('SELECT models FROM dataset').pluck().get() ?? 0
  const counted = { statements: 0, sql: new Set<string>() }
  const prepare = db.prepare.bind(db)
  const recording = Object.create(db, {
    prepare: {
      value: (sql: string) => {
        counted.sql.add(sql)
        const statement = prepare(sql)
        for (const method of ['get', 'all'] as const) {
          const run = statement[method].bind(statement)
          Object.assign(statement, {
            [method]: (...values: unknown[]) => {
              counted.statements++
              return run(...values)
            },
          })
        }
        return statement
      },
    },
  })
  const suggest = suggester(recording, lister(recording, models))
  // What lists are answered with is prepared anyway.
  counted.sql.clear()
  return { counted, suggest }
}

it('nothing is prepared before it is needed', () => {
  const { counted } = counting()
  expect(counted.sql.size).toBe(0)
})

it.each<[what: string, query: string]>([
  ['a long word', 'x'.repeat(128)],
  ['a query too long to be a name', 'ab '.repeat(85)],
  ['the longest query', 'cluade'.repeat(43).slice(0, 256)],
  ['128 words', Array.from({ length: 128 }, (_, place) => String.fromCharCode(97 + (place % 26))).join(' ')],
  ['eight strange words', 'cluade sonet gemni mistrral qewn depseek gork hiaku'],
  ['a word of many parts', 'cl-au-de-so-nn-et-'.repeat(7).slice(0, 120)],
  ['a word of many numbers', '1-2.'.repeat(30)],
  ['a path of many parts', 'a/b/'.repeat(30)],
  ['a long id', 'fireworks_ai/accounts/fireworks/models/code-llama-34b-instruct-2024-01-01-v1:0'],
  ['emoji', '💥'.repeat(128)],
  ['operators', '"cluade" OR NEAR(sonet*) AND -gemni:^'],
  ...[...hostile, ...scripts].map((query): [string, string] => ['hostile', query]),
])('%s: %s', (_what, query) => {
  const { counted, suggest } = counting()
  const suggested = suggest(parseListQuery([['query', query]]))
  expect(suggested.length).toBeLessThanOrEqual(3)
  expect(counted.statements).toBeLessThanOrEqual(MAX_STATEMENTS)
})

it('no statement looks at a whole table', () => {
  const { counted, suggest } = counting()
  const filters = [
    ['provider', 'google'],
    ['max_price', '3'],
  ] as const
  suggest(parseListQuery([['query', 'cluade it']]))
  suggest(parseListQuery([...filters, ['query', 'gemni it']]))
  expect(counted.sql.size).toBeGreaterThan(5)
  for (const sql of counted.sql) {
    const names = [...sql.matchAll(/@(\w+)/g)].map(([, name]): [string, number] => [name ?? '', 1])
    const positional = sql.match(/\?/g)?.map(() => 1) ?? []
    const plan = db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...(names.length > 0 ? [Object.fromEntries(names)] : positional))
      .map(({ detail }) => detail)
    expect(
      plan.filter((step) => /^SCAN (?!.*VIRTUAL TABLE|f$|\(subquery)/.test(step)),
      sql,
    ).toEqual([])
  }
})
