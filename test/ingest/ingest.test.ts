import { hash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Catalog, openCatalog } from '../../src/catalog/catalog.ts'
import { parseListQuery } from '../../src/catalog/params.ts'
import { openForReading, withDatabase } from '../../src/db/open.ts'
import { readDataset } from '../../src/ingest/dataset.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { acme, inTemporaryFolder, writeCatalog } from './catalogs.ts'

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const TWO = acme({ a: { id: 'a', name: 'A' }, b: { id: 'b', name: 'B' } })

describe('what changed', () => {
  test('is counted by model', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      const first = await ingest({ db, from: writeCatalog(folder, TWO) })
      expect(first).toMatchObject({
        added: 2,
        removed: 0,
        changed: 0,
        previousVersion: null,
        unchanged: false,
      })
      const next = acme({ b: { id: 'b', name: 'Bee' }, c: { id: 'c' }, d: { id: 'd' } })
      const second = await ingest({ db, from: writeCatalog(folder, next) })
      expect(second).toMatchObject({
        added: 2,
        removed: 1,
        changed: 1,
        models: 3,
        providers: 1,
        unchanged: false,
      })
      expect(second.previousVersion).toBe(first.version)
    }))

  test('a change of the provider alone is a new version', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      const first = await ingest({ db, from: writeCatalog(folder, { acme: { models: { a: {} } } }) })
      const second = await ingest({
        db,
        from: writeCatalog(folder, { acme: { npm: 'x', models: { a: {} } } }),
      })
      expect(second).toMatchObject({ added: 0, removed: 0, changed: 0, unchanged: false })
      expect(second.version).not.toBe(first.version)
    }))
})

describe('the dataset version', () => {
  test('is of the content alone: not of its order, blanks, source or time', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      const first = await ingest({ db, from: writeCatalog(folder, TWO), now: () => new Date(0) })
      const written = JSON.stringify(
        {
          acme: {
            models: { b: { name: 'B', id: 'b' }, a: { id: 'a', name: 'A' } },
            env: ['ACME_KEY'],
            name: 'Acme',
            id: 'acme',
          },
        },
        null,
        3,
      )
      const again = await ingest({ db, from: writeCatalog(folder, written, 'other.json') })
      expect(again).toMatchObject({
        version: first.version,
        unchanged: true,
        added: 0,
        removed: 0,
        changed: 0,
      })
    }))

  test('is SHA-256 of the canonical JSON', () =>
    inTemporaryFolder(async (folder) => {
      const { version } = await ingest({
        db: join(folder, 'catalog.db'),
        from: writeCatalog(
          folder,
          '{"p": {"models": {"m": {"name": "é", "cost": {"output": 1.50, "input": 0.1}}}, "env": []}}',
        ),
      })
      // printf '%s' '{"p":{"env":[],"models":{"m":{"cost":{"input":0.1,"output":1.5},"name":"é"}}}}' | sha256sum
      expect(version).toBe('d80538caf35ef12d534ec80ed3dc2ff61d86754d8f27bf40109842538e4caaf8')
    }))

  const escaped = JSON.stringify(TWO).replace('"A"', '"\\u0041"')
  test.each([
    ['text', JSON.stringify(TWO)],
    ['content laid out otherwise', JSON.stringify(TWO, null, 1)],
    ['content in other tokens', escaped],
  ])('the same %s again writes no row but the time it was fetched', async (_what, text) => {
    await inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      await ingest({ db, from: writeCatalog(folder, TWO), now: () => new Date('2026-01-01T00:00:00Z') })
      const rows = otherRows(db)
      const from = writeCatalog(folder, text)
      const again = await ingest({ db, from, now: () => new Date('2026-01-02T00:00:00Z') })
      expect(again).toMatchObject({ unchanged: true, models: 2, setAside: [] })
      expect(withDatabase(openForReading(db), readDataset)).toMatchObject({
        fetchedAt: '2026-01-02T00:00:00.000Z',
        ingestedAt: '2026-01-01T00:00:00.000Z',
        sourceDigest: hash('sha256', text),
      })
      expect(otherRows(db)).toEqual(rows)
    })
  })

  test('is the same with and without what is set aside', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      const bad = { ...TWO, bad: 1 }
      for (const [catalog, setAside] of [
        [TWO, 0],
        [bad, 1],
        [TWO, 0],
        [bad, 1],
        [bad, 1],
      ] as const) {
        const report = await ingest({ db, from: writeCatalog(folder, catalog) })
        expect(report.setAside).toHaveLength(setAside)
        expect(withDatabase(openForReading(db), readDataset)).toMatchObject({ setAside, models: 2 })
      }
    }))
})

/** All rows of the file but the dataset's. */
function otherRows(file: string): unknown[] {
  return withDatabase(openForReading(file), (db) => {
    const tables = db
      .prepare<[], string>(
        "SELECT name FROM sqlite_schema WHERE rootpage > 0 AND type = 'table' AND name <> 'dataset'",
      )
      .pluck()
      .all()
    return tables.map((table) => [table, db.prepare(`SELECT * FROM "${table}"`).raw().all()])
  })
}

describe('what does not parse is set aside with its path and reason, and the rest loads', () => {
  test.each<[what: string, model: unknown, path: string, reason: RegExp]>([
    ['a model that is no object', 7, '"acme".models."bad"', /expected object/],
    ['a name that is no text', { name: 1 }, '"acme".models."bad".name', /is no text but number/],
    ['a name with U+0000', { name: 'a\0b' }, '"acme".models."bad".name', /U\+0000/],
    ['half a surrogate pair', { name: 'a\ud800' }, '"acme".models."bad".name', /surrogate/],
    [
      'a price that is text',
      { cost: { input: '1', output: 2 } },
      '"acme".models."bad".cost.input',
      /expected number/,
    ],
    ['a limit with a fraction', { limit: { context: 1.5 } }, '"acme".models."bad".limit.context', /int/],
    ['a limit below zero', { limit: { output: -1 } }, '"acme".models."bad".limit.output', />=0/],
    [
      'a modality that is no text',
      { modalities: { input: [1] } },
      '"acme".models."bad".modalities.input[0]',
      /is no text but number/,
    ],
    ['a name of 2,000 characters', { name: 'x'.repeat(2000) }, '"acme".models."bad".name', /1024/],
  ])('%s', async (_what, bad, path, reason) => {
    await inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      const report = await ingest({ db, from: writeCatalog(folder, acme({ good: { id: 'good' }, bad })) })
      expect(report).toMatchObject({ models: 1, setAside: [{ path, reason: expect.stringMatching(reason) }] })
    })
  })

  test.each([
    ['1e999', '"cost": {"input": 1, "cache_read": 1e999}', 'cost.cache_read'],
    ['a tier of it', '"cost": {"tiers": [{"input": -1E+309}]}', 'cost.tiers[0].input'],
    ['it in a field nobody knows', '"new": {"deep": [1, 1e400]}', 'new.deep[1]'],
    ['very many digits', `"new": 1${'0'.repeat(400)}`, 'new'],
  ])('a number no double can hold: %s', async (_what, field, path) => {
    await inTemporaryFolder(async (folder) => {
      const text = `{"acme": {"models": {"good": {}, "bad": {${field}}}}}`
      const report = await ingest({ db: join(folder, 'catalog.db'), from: writeCatalog(folder, text) })
      expect(report.setAside).toEqual([{ path: `"acme".models."bad".${path}`, reason: expect.any(String) }])
    })
  })

  test('ids that no request could name', () =>
    inTemporaryFolder(async (folder) => {
      const catalog = {
        ...TWO,
        'a/b': { models: { m: {} } },
        '': { models: {} },
        c: { models: { '': {}, ['x'.repeat(2000)]: {} } },
      }
      const report = await ingest({ db: join(folder, 'catalog.db'), from: writeCatalog(folder, catalog) })
      expect(report.setAside.map(({ reason }) => reason)).toEqual([
        'the id holds a slash',
        'the id is empty',
        'the id is empty',
        expect.stringMatching(/1024/),
      ])
    }))

  test('providers', () =>
    inTemporaryFolder(async (folder) => {
      const catalog = { ...TWO, b: 1, c: { models: [] }, d: { env: 'D_KEY', models: {} } }
      const report = await ingest({ db: join(folder, 'catalog.db'), from: writeCatalog(folder, catalog) })
      expect(report.setAside).toEqual([
        { path: '"b"', reason: 'is no object' },
        { path: '"c".models', reason: 'is no object' },
        { path: '"d".env', reason: expect.stringMatching(/expected array/) },
      ])
    }))

  test('they are reported again with the same text', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      const from = writeCatalog(folder, acme({ good: {}, bad: 1 }))
      const { setAside } = await ingest({ db, from })
      expect(await ingest({ db, from })).toMatchObject({ unchanged: true, setAside })
    }))
})

describe('a source that is no catalog changes nothing', () => {
  test.each([
    ['HTML', '<!doctype html><title>Not found</title>', /no JSON .*begins "<!doctype/],
    ['half a file', '{"acme": {"models": {"a": {"na', /no JSON/],
    ['an empty file', '', /no JSON/],
    ['a list', '[]', /top level is no object/],
    ['an empty object', '{}', /holds no model/],
    [
      'nothing but infinite numbers',
      '{"acme": {"models": {"a": {"x": 1e999}}}}',
      /holds no model; "acme".models."a".x: is out/,
    ],
    ['nothing that parses', '{"acme": {"models": {"a": 1}}}', /holds no model; "acme".models."a"/],
  ])('%s', async (_what, text, message) => {
    await inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      const from = writeCatalog(folder, text)
      await expect(ingest({ db, from })).rejects.toThrow(message)
      expect(existsSync(db)).toBe(false)
      await ingest({ db, from: writeCatalog(folder, TWO, 'two.json') })
      const before = readFileSync(db)
      await expect(ingest({ db, from })).rejects.toThrow(message)
      expect(readFileSync(db).equals(before)).toBe(true)
      const files = readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name))
      expect(files.sort()).toEqual(['catalog.db', 'source.json', 'two.json'])
    })
  })

  test('a file that is not there', () =>
    inTemporaryFolder(async (folder) => {
      const missing = join(folder, 'none.json')
      await expect(ingest({ db: join(folder, 'catalog.db'), from: missing })).rejects.toThrow(
        /ENOENT.*none\.json/,
      )
    }))
})

describe('a URL', () => {
  test('is fetched, its credentials and query kept to itself', async () => {
    await withUpstream(JSON.stringify(TWO), 200, (url) =>
      inTemporaryFolder(async (folder) => {
        const secret = url.replace('http://', 'http://user:secret@')
        const report = await ingest({ db: join(folder, 'catalog.db'), from: `${secret}/api.json?key=secret` })
        expect(report).toMatchObject({ models: 2, source: `${url}/api.json` })
      }),
    )
  })

  test('an error answer and a refused connection name it', async () => {
    let closed = ''
    await withUpstream('nothing here', 404, async (url) => {
      closed = url
      await inTemporaryFolder(async (folder) => {
        await expect(ingest({ db: join(folder, 'c.db'), from: `${url}/api.json` })).rejects.toThrow(
          `${url}/api.json answered 404`,
        )
      })
    })
    await inTemporaryFolder(async (folder) => {
      await expect(ingest({ db: join(folder, 'c.db'), from: closed })).rejects.toThrow(
        /cannot fetch http.*ECONNREFUSED/,
      )
    })
  })
})

test('a reader sees the old catalog, then the new one', () =>
  inTemporaryFolder(async (folder) => {
    const db = join(folder, 'catalog.db')
    const first = await ingest({ db, from: writeCatalog(folder, TWO) })
    await using catalog = disposable(openCatalog(db))
    expect(catalog.list(parseListQuery([])).version).toBe(first.version)
    // Another connection that is in the middle of its read keeps what it began with.
    const reader = openForReading(db)
    try {
      reader.exec('BEGIN')
      expect(readDataset(reader)?.version).toBe(first.version)
      const second = await ingest({ db, from: writeCatalog(folder, acme({ z: {} })) })
      expect(readDataset(reader)?.version).toBe(first.version)
      expect(catalog.list(parseListQuery([]))).toMatchObject({ version: second.version })
      reader.exec('COMMIT')
      expect(readDataset(reader)?.version).toBe(second.version)
    } finally {
      reader.close()
    }
  }))

describe('fixtures of older dates', () => {
  test.each<[file: string, id: string, expected: object]>([
    ['impossible-dates-2025-10.json', 'baseten/zai-org/GLM-4.6', { release_date: '2025-16-09' }],
    ['impossible-dates-2025-10.json', 'anthropic/claude-haiku-4-5', { knowledge: '2025-02-31' }],
    ['impossible-dates-2026-06.json', 'scaleway/qwen3-embedding-8b', { release_date: '2025-25-11' }],
    ['month-dates.json', 'bailing/Ling-1T', { release_date: '2025-10', knowledge: '2024-06' }],
    ['status-alpha.json', 'opencode/alpha-gd4', { status: 'alpha' }],
    ['status-alpha.json', 'opencode/claude-sonnet-4-5', { status: null }],
    ['experimental-true.json', 'opencode/qwen3-max', { cost: { input: 1.6, output: 6.4 } }],
    ['context-over-200k.json', 'aihubmix/claude-opus-4-6', { cost: { input: 5, output: 25 } }],
    [
      'interleaved.json',
      'azure/kimi-k2-thinking',
      { capabilities: ['reasoning', 'tool_call', 'temperature', 'interleaved'] },
    ],
    ['no-cost.json', 'github-models/cohere/cohere-command-a', { cost: null }],
    ['names-with-blanks.json', 'kilo/qwen/qwen-max', { name: 'Qwen: Qwen-Max ' }],
  ])('%s: %s is answered as sent', async (file, id, expected) => {
    await inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      expect((await ingest({ db, from: join(FIXTURES, file) })).setAside).toEqual([])
      await using catalog = disposable(openCatalog(db))
      const slash = id.indexOf('/')
      expect(JSON.parse(catalog.get(id.slice(0, slash), id.slice(slash + 1)).body)).toMatchObject(expected)
    })
  })

  test('dates that cannot be sort as the text they are', () =>
    inTemporaryFolder(async (folder) => {
      const db = join(folder, 'catalog.db')
      await ingest({ db, from: join(FIXTURES, 'impossible-dates-2026-06.json') })
      await using catalog = disposable(openCatalog(db))
      const ids = JSON.parse(String(catalog.list(parseListQuery([['provider', 'scaleway']])).body)).models
      expect(ids[0].id).toBe('scaleway/qwen3-embedding-8b')
    }))
})

function disposable(catalog: Catalog): Catalog & AsyncDisposable {
  return { ...catalog, [Symbol.asyncDispose]: async () => catalog.close() }
}

async function withUpstream(
  body: string,
  status: number,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer((_request, response) => response.writeHead(status).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.close()
  }
}
