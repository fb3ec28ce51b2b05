import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openForReading, withDatabase } from '../../src/db/open.ts'
import { canonicalJson } from '../../src/ingest/canonical.ts'
import { readDataset } from '../../src/ingest/dataset.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { readBack } from '../../src/ingest/read-back.ts'
import { inFile, inMemory } from '../../src/source/content.ts'
import { parseSplit } from '../../src/source/split.ts'
import { seededCatalog } from '../service.ts'
import { acme, inTemporaryFolder, writeCatalog } from './catalogs.ts'

const SEED = join(import.meta.dirname, '..', '..', 'seed', 'catalog.json')

/** Splits a text and puts what was cut out back as it was. */
function splitAndJoined(text: string, chunkBytes?: number): unknown {
  return parseSplit(inMemory(Buffer.from(text)), (value) => value as object, chunkBytes)
}

describe('a text that is parsed piece by piece is what JSON.parse makes of it', () => {
  const text = `{
    "acme": {"env": ["A", {"b": [1]}], "models": {
      "{\\"}": {"name": "}]\\\\", "list": [[{}], "[", "\\u007b"]},
      "é模😀": {"name": "ü\\\\\\"{模😀"}, "seven": 7, "list": [{"a": {}}], "none": null,
      "10": {"n": 1.50}, "__proto__": {"x": {}}, "same": {"a": 1}, "same": {"a": 2}}, "models2": {"a": {"": 3}}},
    "list": [{"a": {"b": {"c": {}}}}, [[{"": 1}]]], "": 0, "acme2": {"models": {"a": {"b": 1}}, "models": {}}, "2": {},
    "__proto__": {"models": {"m": {"": 9}}}}`

  test('wherever it is cut into chunks', () => {
    const expected = canonicalJson(JSON.parse(text))
    for (let chunkBytes = 1; chunkBytes <= Buffer.byteLength(text); chunkBytes++) {
      expect(canonicalJson(splitAndJoined(text, chunkBytes))).toBe(expected)
    }
  })

  test('in the order of its keys', () => {
    expect(JSON.stringify(splitAndJoined(text))).toBe(JSON.stringify(JSON.parse(text)))
  })

  test('whatever value it is', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6, stringUnit: 'binary' }), fc.nat(9), (json, more) => {
        expect(JSON.stringify(splitAndJoined(json, more + 1))).toBe(JSON.stringify(JSON.parse(json)))
      }),
    )
  })

  test('also where it is none', () => {
    const broken = fc
      .tuple(
        fc.constantFrom(text, '{"a":{"b":{"c":{"d":[{}]}}}}', '[]', '{"a":[1]}'),
        fc.nat(),
        fc.constantFrom(...'{}[]",:\\x'),
      )
      .map(([whole, place, character]) => {
        const at = place % (whole.length + 1)
        const half = whole.slice(0, at).toWellFormed()
        return { broken: half + character + whole.slice(at).toWellFormed(), half }
      })
    const outcome = (parse: (text: string) => unknown, of: string) => {
      try {
        return JSON.stringify(parse(of))
      } catch (error) {
        return error instanceof SyntaxError ? 'no JSON' : error
      }
    }
    fc.assert(
      fc.property(broken, ({ broken, half }) => {
        expect(outcome(splitAndJoined, broken)).toBe(outcome(JSON.parse, broken))
        expect(outcome(splitAndJoined, half)).toBe(outcome(JSON.parse, half))
      }),
      { numRuns: 2_000 },
    )
  })
})

/** Ingests with and without holding the source whole. */
async function both(folder: string, text: string) {
  const from = writeCatalog(folder, text)
  const run = (name: string, wholeBytes?: number) =>
    ingest({
      db: join(folder, name),
      from,
      now: () => new Date(0),
      ...(wholeBytes !== undefined && { wholeBytes }),
    }).then(
      ({ seconds, ...report }) => ({
        report,
        providers: withDatabase(openForReading(join(folder, name)), readBack),
      }),
      (error: Error) => ({ error }),
    )
  return [await run('whole.db'), await run('split.db', 0)] as const
}

describe('a source too large to be held whole', () => {
  test('gives the same file', { timeout: 120_000 }, () =>
    inTemporaryFolder(async (folder) => {
      const seeded = await seededCatalog()
      const [db, first] = [join(folder, 'split.db'), withDatabase(openForReading(seeded), readDataset)]
      await ingest({ db, from: SEED, wholeBytes: 0 })
      const rows = (file: string, table: string) =>
        withDatabase(openForReading(file), (db) => db.prepare(`SELECT * FROM "${table}"`).raw().all())
      const tables = withDatabase(openForReading(db), (db) =>
        db
          .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")
          .pluck()
          .all(),
      )
      // By its path the seed brings no history.
      const others = ['dataset', 'state', 'subject', 'change']
      for (const table of tables.filter((name) => !others.includes(name))) {
        expect(rows(db, table), table).toEqual(rows(seeded, table))
      }
      const { version, models, sourceDigest } = first ?? {}
      expect(withDatabase(openForReading(db), readDataset)).toMatchObject({ version, models, sourceDigest })
      // Both ways know the other's file.
      expect(
        await ingest({ db, from: writeCatalog(folder, `${readFileSync(SEED, 'utf8')} `) }),
      ).toMatchObject({ unchanged: true })
      const again = await ingest({
        db,
        from: writeCatalog(folder, ` ${readFileSync(SEED, 'utf8')}`),
        wholeBytes: 0,
      })
      expect(again).toMatchObject({ unchanged: true })
    }),
  )

  test.each<[what: string, text: string]>([
    [
      'what is set aside',
      JSON.stringify({
        ...acme({
          good: { id: 'good' },
          no: 7,
          list: [],
          name: { name: 1 },
          price: { cost: { input: '1' } },
          '': {},
        }),
        'a/b': { models: {} },
        b: 1,
        c: { models: [{}] },
        d: { env: [{ a: 1 }], models: { m: {} } },
        e: [[{}]],
      }),
    ],
    [
      'a number no double can hold',
      '{"p": {"x": {"y": {"z": 1}}, "models": {"good": {}, "bad": {"new": [1, 1e999]}}}}',
    ],
    [
      'a provider with one',
      '{"p": {"models": {"good": {}}}, "q": {"new": {"deep": {"x": 1e999}}, "models": {"m": {}}}}',
    ],
    ['equal keys', '{"p": {"models": {"m": {"a": 1}, "m": {"a": 2}}}, "q": 1, "q": {"models": {"x": {}}}}'],
    [
      'what a provider says of itself',
      '{"p": {"models": {"m": {}}, "new": {"deep": {"a": [1]}, "__proto__": {}}, "list": [[1], {"b": 2}]}}',
    ],
    [
      'labs',
      JSON.stringify({
        p: {
          models: {
            a: { family: 'f', canonical_model_id: 'lab/a' },
            b: { family: 'f', canonical_model_id: '/a' },
            c: { family: 'f', canonical_model_id: '' },
            d: { family: 'f', status: 'deprecated', release_date: '2025-01' },
            e: { canonical_model_id: 'x' },
            f: { release_date: '' },
          },
        },
      }),
    ],
  ])('is read like any other: %s', async (_what, text) => {
    await inTemporaryFolder(async (folder) => {
      const [whole, split] = await both(folder, text)
      expect('report' in whole).toBe(true)
      expect(split).toEqual(whole)
      expect(canonicalJson(split)).toBe(canonicalJson(whole))
    })
  })

  test.each([
    ['HTML', '<!doctype html><title>{}</title>', /no JSON .*begins "<!doctype/],
    ['half a file', '{"acme": {"models": {"a": {"na', /no JSON/],
    ['half a model', '{"acme": {"models": {"a": {"na}}}}', /no JSON/],
    [
      'a broken model',
      '{"acme": {"models": {"a": {}, "b": {"c" 1}}}}',
      /no JSON.*in what begins at byte 35\).*begins/,
    ],
    ['a list', '[{"a": {"b": {}}}]', /top level is no object/],
    ['no model', '{"a": {"models": {}}}', /holds no model/],
    ['two catalogs', '{"a": {"models": {"m": {}}}} {}', /no JSON/],
  ])('is refused like any other: %s', async (_what, text, message) => {
    await inTemporaryFolder(async (folder) => {
      for (const outcome of await both(folder, text)) {
        expect('error' in outcome && outcome.error.message).toMatch(
          _what === 'a broken model' ? /no JSON/ : message,
        )
      }
      await expect(
        ingest({ db: join(folder, 'c.db'), from: writeCatalog(folder, text), wholeBytes: 0 }),
      ).rejects.toThrow(message)
    })
  })
})

describe('a file that is read piece by piece', () => {
  test('gives the bytes asked for, in any order', () =>
    inTemporaryFolder(async (folder) => {
      const bytes = Buffer.from(Uint32Array.from({ length: 900_000 }, (_, place) => place).buffer)
      const file = join(folder, 'numbers')
      writeFileSync(file, bytes)
      const content = inFile(file)
      const places = [0, 1, 999_999, 1_048_575, 1_048_577, 2_100_000, bytes.length - 2, 5, 2_100_001]
      try {
        for (const length of [0, 1, 2, 100_000, 1_048_576, 1_500_000]) {
          for (const from of places) {
            const to = Math.min(from + length, bytes.length)
            expect(content.read(from, to).equals(bytes.subarray(from, to)), `${from} to ${to}`).toBe(true)
          }
        }
      } finally {
        content.close()
      }
    }))

  test('is refused when it changes meanwhile', () =>
    inTemporaryFolder(async (folder) => {
      const file = join(folder, 'source.json')
      writeFileSync(file, '0123456789')
      const content = inFile(file)
      try {
        content.verify()
        appendFileSync(file, '0')
        expect(() => content.verify()).toThrow(/source\.json was changed while it was read/)
        truncateSync(file, 5)
        expect(() => content.read(0, 10)).toThrow(/changed while it was read/)
      } finally {
        content.close()
      }
    }))
})
