import { gunzipSync } from 'node:zlib'
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bodies, bodiesOf } from '../../src/catalog/bodies.ts'
import { MAX_TEXT_BYTES } from '../../src/catalog/gzip-list.ts'
import { wordMatcher } from '../../src/catalog/gzip-matches.ts'
import { MAX_WORD_BYTES, MAX_WORDS } from '../../src/catalog/gzip-words.ts'

/** @param places how many entries the catalog is said to have: of fewer than there are, some share a place in memory */
function bodiesWith(texts: readonly string[], places = texts.length): Bodies {
  const db = new Sqlite(':memory:')
  db.exec('CREATE TABLE entry_body (id INTEGER PRIMARY KEY, json TEXT NOT NULL)')
  const insert = db.prepare('INSERT INTO entry_body VALUES (?, ?)')
  for (const [place, text] of texts.entries()) insert.run(place + 1, text)
  return bodiesOf(db, places)
}

/** A list in gzip, which must come down to what it is plain. */
function compressed(bodies: Bodies, ids: readonly number[], total = ids.length): Buffer {
  const { body, coding, digest } = bodies.list(ids, total, 'gzip')
  const plain = bodies.list(ids, total)
  expect(coding).toBe('gzip')
  expect(digest).toBe(plain.digest)
  // In short, for a difference of thousands of bytes is slow to print.
  expect(gunzipSync(body).equals(plain.body)).toBe(true)
  return body
}

const one = (text: string) => compressed(bodiesWith([text]), [1])

/** Texts as catalogs have them, and as nobody would write them. */
const piece = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('"name":"', '","provider":"', 'Claude', ' Opus', '-4.5', '}', ',', '{"id":"'),
  },
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.nat().map(String),
  fc
    .tuple(fc.constantFrom('a', ' ', 'ab,', 'é', '\u0000'), fc.integer({ min: 1, max: 700 }))
    .map(([text, times]) => text.repeat(times)),
)
const entry = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => `{${pieces.join('')}`)

describe('a list in gzip', () => {
  it('comes down to the list, whatever its entries are, the second time as the first', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 1, maxLength: 8 }),
        fc.array(fc.array(fc.nat({ max: 7 }), { maxLength: 12 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        (texts, lists, places) => {
          // What SQLite stores is UTF-8, without lone surrogates.
          const bodies = bodiesWith(
            texts.map((text) => text.toWellFormed().replaceAll('\0', '?')),
            places,
          )
          for (const list of [...lists, ...lists]) {
            compressed(
              bodies,
              list.map((place) => 1 + (place % texts.length)),
              list.length,
            )
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('is the same whatever was listed before', () => {
    const texts = Array.from({ length: 60 }, (_, place) =>
      JSON.stringify({
        id: `p${place % 7}/m-${place}`,
        name: `Model ${place % 11}`,
        limits: { context: place % 5 },
      }),
    )
    const ids = texts.map((_, place) => place + 1)
    const wanted = compressed(bodiesWith(texts), ids.slice(10, 30), 77)
    const used = bodiesWith(texts)
    for (const id of ids.toReversed()) compressed(used, [id])
    compressed(used, ids.toReversed())
    expect(compressed(used, ids.slice(10, 30), 77)).toEqual(wanted)
    const forgetful = bodiesWith(texts, 3)
    for (let turn = 0; turn < 3; turn++) expect(compressed(forgetful, ids.slice(10, 30), 77)).toEqual(wanted)
  })

  it('takes a fifth of the bytes, where entries are alike', () => {
    const texts = Array.from({ length: 20 }, (_, place) =>
      JSON.stringify({
        id: `anthropic/claude-${place}`,
        provider: 'anthropic',
        name: `Claude ${place}`,
        capabilities: ['reasoning', 'tool_call'],
      }),
    )
    const { length } = bodiesWith(texts).list(
      texts.map((_, place) => place + 1),
      20,
    ).body
    expect(
      compressed(
        bodiesWith(texts),
        texts.map((_, place) => place + 1),
      ).length,
    ).toBeLessThan(length / 5)
  })

  it('has matches of every length, and of more than one can tell', () => {
    const texts = Array.from({ length: 1_100 }, (_, length) => '{'.padEnd(length, 'x'))
    const bodies = bodiesWith(texts)
    for (let id = 1; id <= texts.length; id++) compressed(bodies, [id, id])
  })

  it('refers to nothing that is too far back, and finds again what is nearer', () => {
    const far = JSON.stringify({ name: 'a name that comes again', of: 'the first entry' })
    const filling = (bytes: number) =>
      Array.from({ length: bytes / 8 }, (_, place) => `,${place}`.padEnd(8, '~')).join('')
    for (let bytes = 32_680; bytes < 32_780; bytes++) {
      compressed(bodiesWith([far, filling(32_800).slice(0, bytes)]), [1, 2, 1, 1])
    }
    // What the last one begins with stands too far back alone, what follows there is nearer as well.
    const common = filling(1_000).replaceAll('~', '^')
    const bodies = bodiesWith([`{"only":"here"${common}`, filling(33_000) + common])
    expect(compressed(bodies, [1, 2, 1]).length - compressed(bodies, [1, 2]).length).toBeLessThan(100)
  })

  it('has words of any length', () => {
    for (const length of [254, 255, 256, 257, 509, 510, 511, 15_000]) {
      one(`{"id":"${'w'.repeat(length)}"}`)
      one(`${'-'.repeat(length)}${'ß'.repeat(length / 2)}${'-'.repeat(length)}`)
    }
  })

  it('is left to others where it is too long, and not before', () => {
    const around = '{"models":[],"total":1}'.length
    for (const over of [0, 1]) {
      const bodies = bodiesWith(['x'.repeat(MAX_TEXT_BYTES - around + over)])
      const { body, coding } = bodies.list([1], 1, 'gzip')
      expect(coding).toBe(over === 0 ? 'gzip' : undefined)
      expect((coding === 'gzip' ? gunzipSync(body) : body).equals(bodies.list([1], 1).body)).toBe(true)
    }
  })

  it('is left to others where a single entry is longer than there is room for', () => {
    const texts = ['{"id":1}', 'a,'.repeat(150_000), '{"id":3}']
    const bodies = bodiesWith(texts)
    for (let turn = 0; turn < 2; turn++) {
      const { body, coding } = bodies.list([1, 2, 3], 3, 'gzip')
      expect(coding).toBeUndefined()
      expect(body.toString()).toBe(`{"models":[${texts.join(',')}],"total":3}`)
      compressed(bodies, [1, 3])
    }
  })

  it.each([
    ['words', MAX_WORDS, (place: number) => `,${place.toString(36)}`],
    ['bytes', MAX_WORD_BYTES / 250, (place: number) => `,${String(place).padStart(249, '0')}`],
  ])('begins anew when it knows as many %s as there is room for', (_, most, word) => {
    const each = 80
    const texts = Array.from({ length: Math.ceil((2.5 * most) / each) }, (_, entry) =>
      Array.from({ length: each }, (_, place) => word(each * entry + place)).join(''),
    )
    const bodies = bodiesWith(texts)
    const first = compressed(bodies, [1, 2, 1])
    for (let id = 1; id <= texts.length; id++) compressed(bodies, [id, 1])
    expect(compressed(bodies, [1, 2, 1])).toEqual(first)
  })

  it('is a constant where nothing matches', () => {
    const bodies = bodiesWith([])
    expect(compressed(bodies, [], 0)).toBe(bodies.list([], 0, 'gzip').body)
    expect(compressed(bodies, [], 5)).toBeInstanceOf(Buffer)
  })
})

it('goes on as before when it counts places anew, after some 16 million', () => {
  const most = 65_536
  const turns = 2 ** 24 / most
  const words = new Uint32Array(most + 2)
  const write = wordMatcher(most)
  const told: number[] = []
  const sink = { word: () => told.push(0), match: (length: number) => told.push(length) }
  for (let turn = 0; turn < 2.5 * turns; turn++) {
    // Each word comes back in the turn that counts as the one it was in before.
    words.fill((1 + (turn % turns)) | (8 << 16), 1)
    write(words, most + 1, sink)
    expect(told.splice(0)).toEqual([0, 8 * (most - 1)])
  }
})
