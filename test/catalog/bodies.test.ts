import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { bodiesOf } from '../../src/catalog/bodies.ts'
import { byteRing } from '../../src/catalog/byte-ring.ts'
import { listDigest } from '../list-digest.ts'

/** An entry whose name takes that many bytes, no letter of it ASCII. */
const body = (id: number, bytes: number) => JSON.stringify({ id, name: 'ß'.repeat(bytes / 2) })

/** @param entries how many the catalog is said to have: of fewer than there are, some share a place in memory */
function bodiesWith(texts: readonly string[], entries = texts.length) {
  const db = new Sqlite(':memory:')
  db.exec('CREATE TABLE entry_body (id INTEGER PRIMARY KEY, json TEXT NOT NULL)')
  const insert = db.prepare('INSERT INTO entry_body VALUES (?, ?)')
  for (const [place, text] of texts.entries()) insert.run(place + 1, text)
  return { ...bodiesOf(db, entries), damage: () => db.exec('DROP TABLE entry_body') }
}

it.each([
  ['short ones', 300],
  ['more of them than one piece of memory holds', 20_000],
  ['few of them together longer than a list has room for at first', 200_000],
  ['each longer than that', 3_000_000],
])('writes lists of entries as they are stored, the second time as the first: %s', (_, bytes) => {
  const texts = Array.from({ length: bytes > 1_000_000 ? 8 : 700 }, (_, place) => body(place + 1, bytes))
  const bodies = bodiesWith(texts)
  const ids = texts.map((_, place) => place + 1)
  const pages = [
    [],
    ids.slice(0, 1),
    ids.slice(0, 20),
    ids.slice(0, 30).reverse(),
    ids.slice(-20),
    ids.slice(0, 20),
  ]
  for (const page of pages) {
    const models = page.map((id) => texts[id - 1]).join(',')
    expect(bodies.list(page, 12345).body.equals(Buffer.from(`{"models":[${models}],"total":12345}`))).toBe(
      true,
    )
  }
  for (let turn = 0; turn < 3; turn++) for (const id of ids) bodies.list([id], 1)
  expect(bodies.list(ids.slice(3, 7), 4).body.toString()).toBe(
    `{"models":[${texts.slice(3, 7).join(',')}],"total":4}`,
  )
  expect(bodies.of(2)).toBe(texts[1])
})

it('has room for whatever ends where the memory for a list does', () => {
  for (let missing = 0; missing < 20; missing++) {
    const first = 'x'.repeat(256 * 1024 - '{"models":['.length - missing)
    const bodies = bodiesWith([first, 'second'])
    expect(bodies.list([1, 2], 2).body.toString()).toBe(`{"models":[${first},second],"total":2}`)
  }
})

it('keeps of bytes put round and round what nothing has been written over', () => {
  const ring = byteRing(100, 8)
  const put = new Map<number, Buffer>()
  for (let turn = 0; turn < 2_000; turn++) {
    const id = 1 + ((turn * 7) % 11)
    const bytes = Buffer.alloc((turn * 13) % 101, turn)
    ring.put(id, bytes)
    put.set(id, bytes)
    expect(ring.lengthOf(id)).toBe(bytes.length)
    for (const [each, expected] of put) {
      if (ring.lengthOf(each) === undefined) continue
      const copied = Buffer.alloc(expected.length)
      ring.copy(each, copied, 0)
      expect(copied).toEqual(expected)
    }
  }
  ring.put(1, Buffer.alloc(60, 1))
  ring.put(2, Buffer.alloc(60, 2))
  expect([ring.lengthOf(1), ring.lengthOf(2), ring.lengthOf(3)]).toEqual([undefined, 60, undefined])
  ring.put(10, Buffer.alloc(20, 3))
  expect([ring.lengthOf(2), ring.lengthOf(10)]).toEqual([undefined, 20])
  ring.put(5, Buffer.alloc(101))
  expect(ring.lengthOf(5)).toBe(undefined)
  // Where it would have stood, nothing is left that could be taken for it.
  ring.put(18, Buffer.alloc(101))
  expect(ring.lengthOf(10)).toBe(undefined)
})

it('gives equal lists one digest, whatever was listed before, and others another one', () => {
  const texts = Array.from({ length: 300 }, (_, place) => body(place + 1, 100))
  const digests = new Map<string, string>()
  const listed = (bodies: ReturnType<typeof bodiesWith>, ids: readonly number[], total: number) => {
    const { body, digest } = bodies.list(ids, total)
    expect(digest).toBe(listDigest(body.toString()))
    digests.set(body.toString(), digests.get(body.toString()) ?? digest)
    expect(digests.get(body.toString())).toBe(digest)
  }
  const ids = texts.map((_, place) => place + 1)
  const pages = [[], [1], [2], [1, 2], [2, 1], [1, 2, 3], ids.slice(0, 150), ids, ids.toReversed()]
  const bodies = bodiesWith(texts)
  for (const _turn of ['first', 'again']) {
    for (const page of pages) for (const total of [300, 301]) listed(bodies, page, total)
  }
  for (const page of pages) listed(bodiesWith(texts), page, 300)
  const sharing = bodiesWith(texts, 6)
  for (const page of [...pages, ...pages]) listed(sharing, page, 300)
  // One letter more in one entry.
  listed(bodiesWith([body(1, 102), ...texts.slice(1)]), ids, 300)
  expect(new Set(digests.values()).size).toBe(digests.size)
  expect(digests.size).toBe(2 * pages.length + 1)
})

it('gives a list its digest also after one that could not be read to its end', () => {
  const bodies = bodiesWith([1, 2, 3].map((id) => body(id, 100)))
  const before = bodies.list([1, 2], 2)
  bodies.damage()
  expect(() => bodies.list([1, 3], 2)).toThrow('no such table')
  expect(bodies.list([1, 2], 2)).toEqual(before)
})

it('takes no entry for one that was too long to keep in its place', () => {
  const texts = Array.from({ length: 3 }, (_, place) => body(place + 1, place === 1 ? 9_000_000 : 100))
  const digestOf = (before: number[]) => {
    const bodies = bodiesWith(texts)
    for (const id of before) bodies.list([id], 1)
    return bodies.list([1, 2, 3], 3).digest
  }
  expect(new Set([[], [1], [2], [1, 2], [2, 1], [3, 2]].map(digestOf)).size).toBe(1)
})
