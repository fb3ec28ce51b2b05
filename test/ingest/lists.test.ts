import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unpackedIds } from '../../src/db/members.ts'
import { openScratch, withDatabase } from '../../src/db/open.ts'
import { memberLists } from '../../src/ingest/member-lists.ts'
import { namedLists } from '../../src/ingest/named-lists.ts'

const ENTRIES = 300
/** Entries by ascending row id, each with the names it has; a name may come twice. */
const namesOfEntries = fc.array(
  fc.array(fc.constantFrom('a', 'b', 'c', 'é', '模', '\u{1F600}', 'all'), { maxLength: 4 }),
  {
    maxLength: ENTRIES - 1,
  },
)

test('lists hold what was added, few or nearly all', () => {
  fc.assert(
    fc.property(namesOfEntries, (entries) => {
      const lists = memberLists(ENTRIES)
      const [some, all] = [lists.begin(), lists.begin()]
      const expected: number[] = []
      for (const [index, names] of entries.entries()) {
        lists.add(all, index + 1)
        for (const _ of names) lists.add(some, index + 1)
        if (names.length > 0) expected.push(index + 1)
      }
      expect(unpackedIds(lists.packed(some), ENTRIES)).toEqual(expected)
      expect(unpackedIds(lists.packed(all), ENTRIES)).toEqual(entries.map((_, index) => index + 1))
    }),
  )
})

test('what is put aside comes back the same, by name', () => {
  fc.assert(
    fc.property(namesOfEntries, (entries) => {
      withDatabase(openScratch(), (scratch) => {
        const small = namedLists(scratch, 'small', ENTRIES, 2)
        const large = namedLists(scratch, 'large', ENTRIES)
        for (const [index, names] of entries.entries()) {
          for (const name of names) {
            small.add(name, index + 1)
            large.add(name, index + 1)
          }
        }
        const told = (lists: typeof small) => {
          const rows: [string, string][] = []
          lists.forEach((name, members) => {
            rows.push([name, members.toString('hex')])
          })
          return rows
        }
        const byName = (rows: [string, string][]) => rows.sort(([a], [b]) => (a < b ? -1 : 1))
        expect(byName(told(small))).toEqual(byName(told(large)))
      })
    }),
  )
})
