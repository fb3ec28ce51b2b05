import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { ListCoding } from '../src/catalog/bodies.ts'
import { type Catalog, openCatalog } from '../src/catalog/catalog.ts'
import {
  distanceRestBits,
  distanceSymbol,
  END_OF_BLOCK,
  lengthSymbol,
  partOf,
} from '../src/catalog/gzip-code.ts'
import { MAX_TEXT_BYTES } from '../src/catalog/gzip-list.ts'
import { wordMatcher } from '../src/catalog/gzip-matches.ts'
import { MAX_LITERAL_CODE_BITS } from '../src/catalog/gzip-tables.ts'
import { wordSplitter } from '../src/catalog/gzip-words.ts'
import { type ListQuery, parseListQuery } from '../src/catalog/params.ts'
import { parseTarget } from '../src/http/target.ts'
import { catalogOf, SEED_SIZE } from './catalogs.ts'
import { readSample } from './entries.ts'
import { blockHeader, codeLengths } from './prefix-code.ts'
import { randomFrom } from './random.ts'
import { printRows, say } from './report.ts'
import { coldLoad } from './workloads.ts'

/**
 * Prints how many bytes the cold mix takes in gzip, and how long each list takes to be found and compressed, beside zlib; with `--tables`
 * it makes src/catalog/gzip-tables.ts anew of the same lists.
 */
const LISTS = 20_000
const RANDOM_SEED = 1
/** Rounds of the same lists, of which the first one is not counted. */
const ROUNDS = 4
/** The level that other answers are compressed with (see http/encoding.ts), and zlib's own choice. */
const ZLIB_LEVELS = [3, 6]
/** What no list had still has a code, but a long one: the weight of such a symbol, as a share of all. */
const LEAST_SHARE = 1e-4
/** Longest code of a distance, in bits. */
const MAX_DISTANCE_CODE_BITS = 15
const TABLES = join(import.meta.dirname, '..', 'src', 'catalog', 'gzip-tables.ts')

const folder = mkdtempSync(join(tmpdir(), 'modeldex-bench-gzip-'))
try {
  const { db } = await catalogOf(SEED_SIZE, folder, say)
  const catalog = openCatalog(db)
  const queries = coldLoad(LISTS, readSample(db), randomFrom(RANDOM_SEED)).map(({ url }) =>
    parseListQuery(parseTarget(url).pairs, new Date()),
  )
  if (process.argv.includes('--tables')) writeTables(catalog, queries)
  else {
    compare(catalog, queries)
    sayWords(catalog)
  }
  catalog.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function compare(catalog: Catalog, queries: readonly ListQuery[]): void {
  const ways: [name: string, list: (query: ListQuery) => Buffer][] = [
    ['plain', (query) => catalog.list(query).body],
    ['by words', (query) => listIn(catalog, query, 'gzip')],
    ...ZLIB_LEVELS.map((level): [string, (query: ListQuery) => Buffer] => [
      `by zlib, level ${level}`,
      (query) => gzipSync(catalog.list(query).body, { level }),
    ]),
  ]
  for (const query of queries) {
    if (!gunzipSync(listIn(catalog, query, 'gzip')).equals(catalog.list(query).body)) {
      throw new Error(`${JSON.stringify(query)} came back as something else`)
    }
  }
  const bytes = ways.map(([, list]) => queries.reduce((sum, query) => sum + list(query).length, 0) / LISTS)
  const us = ways.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < ROUNDS; round++) {
    for (const [way, [, list]] of ways.entries()) {
      const started = process.cpuUsage()
      for (const query of queries) list(query)
      const { user, system } = process.cpuUsage(started)
      if (round > 0) us[way] = Math.min(us[way] ?? 0, (user + system) / LISTS)
    }
  }
  for (const [way, [name]] of ways.entries()) {
    say(
      `${name.padEnd(18)}${(bytes[way] ?? 0).toFixed(0).padStart(7)} bytes${(us[way] ?? 0).toFixed(1).padStart(8)} µs, search included`,
    )
  }
  say('')
  printRows('gzip of the cold mix', [
    { what: 'bytes by words, over zlib', value: (bytes[1] ?? 0) / (bytes[2] ?? 0), unit: 'x' },
    {
      what: 'time that words add, over what zlib adds',
      value: ((us[1] ?? 0) - (us[0] ?? 0)) / ((us[2] ?? 0) - (us[0] ?? 0)),
      unit: 'x',
    },
  ])
}

/** Tells how many words there are, by entries as they are stored. */
function sayWords(catalog: Catalog): void {
  const entries = catalog.read((db) =>
    db.prepare<[], Buffer>('SELECT CAST(json AS BLOB) FROM entry_body').pluck().all(),
  )
  let different = 0
  const splitter = wordSplitter(() => {
    different++
  })
  const words = new Uint32Array(MAX_TEXT_BYTES)
  const started = process.cpuUsage()
  const all = entries.reduce((sum, json) => sum + (splitter.split(json, 0, json.length, words, 0) ?? 0), 0)
  const { user, system } = process.cpuUsage(started)
  const us = ((user + system) / entries.length).toFixed(1)
  say(
    `${(all / entries.length).toFixed(0)} words an entry, ${different} different ones; ${us} µs to split one`,
  )
}

function listIn(catalog: Catalog, query: ListQuery, wanted: ListCoding): Buffer {
  const { body, coding } = catalog.list(query, wanted)
  return coding === wanted ? body : gzipSync(body)
}

function writeTables(catalog: Catalog, queries: readonly ListQuery[]): void {
  const literals = new Array<number>(END_OF_BLOCK + 30).fill(0)
  const distances = new Array<number>(30).fill(0)
  const count = (counts: number[], symbol: number) => {
    counts[symbol] = (counts[symbol] ?? 0) + 1
  }
  const spelt: Uint8Array[] = []
  const splitter = wordSplitter((word, text, from, to) => {
    spelt[word] = text.slice(from, to)
  })
  const match = wordMatcher(MAX_TEXT_BYTES)
  const words = new Uint32Array(MAX_TEXT_BYTES + 2)
  for (const query of queries) {
    const { body } = catalog.list(query)
    if (body.length > MAX_TEXT_BYTES) continue
    const end = splitter.split(body, 0, body.length, words, 1)
    if (end === undefined) throw new Error('more words than there is room for')
    match(words, end, {
      word(word) {
        for (const byte of spelt[word] ?? []) count(literals, byte)
      },
      match(length, distance) {
        const over = distance - 1
        for (let left = length; left > 0; left -= partOf(left)) {
          count(literals, lengthSymbol(partOf(left)).symbol)
          count(distances, distanceSymbol(over, distanceRestBits(over)))
        }
      },
    })
    count(literals, END_OF_BLOCK)
  }
  const literalBits = codeLengths(withLeast(literals), MAX_LITERAL_CODE_BITS)
  const distanceBits = codeLengths(withLeast(distances), MAX_DISTANCE_CODE_BITS)
  const header = blockHeader(literalBits, distanceBits)
  const bytes = Array.from({ length: Math.ceil(header.length / 8) }, (_, byte) =>
    Number.parseInt([...header.slice(8 * byte, 8 * byte + 8)].toReversed().join(''), 2),
  )
  writeFileSync(
    TABLES,
    `/*
 * How gzip of lists is coded: made for the lists of the seed by \`npm run bench:gzip -- --tables\`. Any other catalog's can be written
 * so as well, only the less it is like this one the more bytes they take.
 */

/** Longest code of a byte or a length, in bits: the code of a length and what comes behind it fit into 16. */
export const MAX_LITERAL_CODE_BITS = ${MAX_LITERAL_CODE_BITS}

/** How many bits the codes of bytes, of the block's end and of lengths have. */
export const LITERAL_CODE_BITS = bitsOf(
  '${hexOf(literalBits)}',
)
/** How many bits the codes of distances have. */
export const DISTANCE_CODE_BITS = bitsOf('${hexOf(distanceBits)}')

/** What tells a reader so: the header of a block (RFC 1951, 3.2.7), and how many bits of it count. */
export const BLOCK_HEADER = Buffer.from(
  '${Buffer.from(bytes).toString('base64')}',
  'base64',
)
export const BLOCK_HEADER_BITS = ${header.length}

function bitsOf(digits: string): Uint8Array {
  return Uint8Array.from(digits, (digit) => Number.parseInt(digit, 16))
}
`,
  )
  say(`wrote ${TABLES}: a header of ${bytes.length} bytes`)
}

function withLeast(counts: readonly number[]): number[] {
  const least = LEAST_SHARE * counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => count + least)
}

function hexOf(bits: Uint8Array): string {
  return Array.from(bits, (each) => each.toString(16)).join('')
}
