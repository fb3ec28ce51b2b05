import { afterAll, beforeAll, expect, test } from 'vitest'
import { browser } from '../../src/catalog/browse.ts'
import { parseBrowseQuery, parseFacetsQuery } from '../../src/catalog/browse-params.ts'
import { facetCounter } from '../../src/catalog/facets.ts'
import { getter } from '../../src/catalog/get.ts'
import { lister } from '../../src/catalog/list.ts'
import { readOffers } from '../../src/catalog/offers.ts'
import { SORTS } from '../../src/catalog/orders.ts'
import { parseListQuery } from '../../src/catalog/params.ts'
import { readPriceLists } from '../../src/catalog/price-list.ts'
import { resolveId } from '../../src/catalog/resolve.ts'
import type { Database } from '../../src/db/open.ts'
import { openSeededCopy } from '../service.ts'

const SEARCHES = ['query=claude opus', 'query=claude-3.5&min_price=1', 'query=o3', 'query=gpt4o', 'query=!']

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

test('what a list is made of is found by index', () => {
  const statements = recorded((recording) => {
    const { list } = lister(recording, 8_000)
    for (const query of [
      '',
      'featured=true',
      'provider=openai&capabilities=reasoning&min_context=9',
      ...SEARCHES,
    ]) {
      list(parseListQuery([...new URLSearchParams(query)]))
    }
  })
  expect(statements.length).toBeGreaterThan(8)
  for (const sql of statements) {
    const plan = planOf(sql).join('\n')
    expect(plan, sql).not.toMatch(/TEMP B-TREE/)
    // The stretches are few, whatever the size of the catalog, and all of them are wanted; so are the keys of a small one, once.
    if (!sql.includes('FROM entry_stretch') && sql !== 'SELECT key FROM entry_key')
      expect(plan, sql).toMatch(/SEARCH|VIRTUAL TABLE INDEX|entry_by_featured/)
  }
})

test('what longer lists and facets are made of is found by index', () => {
  const models = Number(db.prepare('SELECT models FROM dataset').pluck().get())
  const all = recorded((recording) => {
    const lists = lister(recording, models)
    const { select, matching } = browser(recording, models, lists)
    for (const sort of SORTS) {
      const pairs: [string, string][] = [
        ['sort', sort],
        ['released_after', '2026'],
        ['input_modality', 'image'],
      ]
      select(parseBrowseQuery(pairs))
    }
    facetCounter(recording, models, lists.find, matching)(parseFacetsQuery([['query', 'claude']]))
  })
  const statements = all.filter((sql) => /entry_(order|column|set)|release_date/.test(sql))
  expect(statements.length).toBeGreaterThan(4)
  for (const sql of statements) {
    const plan = planOf(sql).join('\n')
    expect(plan, sql).not.toMatch(/SCAN|TEMP B-TREE/)
    expect(plan, sql).toMatch(/SEARCH/)
  }
})

test('offers, and what an id means, are found by index', () => {
  const statements = recorded((recording) => {
    readOffers(recording, 'openai/gpt-4o')
    readOffers(recording, 'openrouter/anthropic/claude-sonnet-4')
    for (const id of ['gpt-4o', 'models/gemini-2.5-pro']) {
      resolveId(recording, { id, provider: 'openai', limit: 20 })
    }
  })
  expect(statements.length).toBeGreaterThan(6)
  for (const sql of statements) {
    // One row, and the few that were found.
    const plan = planOf(sql).filter((step) => !/SCAN (dataset|j) /.test(`${step} `))
    expect(plan.join('\n'), sql).not.toMatch(/SCAN/)
  }
})

test('prices are found by key, through the views of the sets', () => {
  const statements = recorded((recording) => readPriceLists(recording, [1, 2]))
  expect(statements).toHaveLength(5)
  for (const sql of statements) {
    const plan = planOf(sql).filter((step) => !step.startsWith('SCAN json_each'))
    expect(plan.join('\n'), sql).not.toMatch(/SCAN|TEMP B-TREE|MATERIALIZE/)
  }
})

test('a model, and near ids for one that is missing, are found by index', () => {
  const statements = recorded((recording) => getter(recording))
  expect(statements.length).toBeGreaterThan(3)
  for (const sql of statements) {
    const plan = planOf(sql)
    expect(plan.join('\n'), sql).not.toMatch(/SCAN|TEMP B-TREE/)
    expect(plan.join('\n'), sql).toMatch(/SEARCH/)
  }
})

/** The statements that are prepared meanwhile. */
function recorded(work: (db: Database) => void): string[] {
  const statements = new Set<string>()
  const prepare = db.prepare.bind(db)
  work(
    Object.create(db, {
      prepare: {
        value: (sql: string) => {
          statements.add(sql)
          return prepare(sql)
        },
      },
    }),
  )
  return [...statements]
}
