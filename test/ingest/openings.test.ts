import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unpacked, unpackedIds } from '../../src/db/members.ts'
import { openScratch, withDatabase } from '../../src/db/open.ts'
import { eachShortStart, endsAs, searchable, spacedTails, titleTail } from '../../src/db/search-text.ts'
import { namedLists } from '../../src/ingest/named-lists.ts'
import { openingWriter } from '../../src/ingest/openings.ts'

const ENTRIES = 200
const name = fc
  .array(fc.constantFrom('gpt', '4', 'o', '4o', 'mini', 'gp', '模型', '-', '.', ' '), { maxLength: 6 })
  .map((parts) => parts.join(''))

test('tails are all runs from one to the end, with a blank behind each', () => {
  expect(spacedTails(searchable('GPT-4o mini'))).toEqual(['gpt 4 o mini ', '4 o mini ', 'o mini ', 'mini '])
  expect(spacedTails(searchable('***'))).toEqual([])
  expect(titleTail(searchable('gpt-4o'))).toBe('^gpt 4 o ')
  expect(titleTail(searchable('***'))).toBe('')
})

test('a text that ends as another does has none but its tails and starts', () => {
  const starts = (text: string) => {
    const told: string[] = []
    eachShortStart([searchable(text)], (first, second) => told.push(`${first} ${second}`))
    return told
  }
  fc.assert(
    fc.property(name, name, (other, text) => {
      const tails = spacedTails(searchable(other))
      const [whole] = spacedTails(searchable(text))
      const isSaid = endsAs(searchable(other), searchable(text))
      expect(isSaid).toBe(whole === undefined || tails.includes(whole))
      if (!isSaid) return
      expect(tails).toEqual(expect.arrayContaining(spacedTails(searchable(text))))
      expect(starts(other)).toEqual(expect.arrayContaining(starts(text)))
    }),
  )
})

test('what tails begin with is told once, in order, with all entries that have such a tail', () => {
  withDatabase(openScratch(), (scratch) => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: ENTRIES }), fc.constantFrom(1, 2), (names, runs) => {
        const tails = namedLists(scratch, 'tail', ENTRIES)
        const expected = new Map<string, Set<number>>()
        for (const [place, each] of names.entries()) {
          for (const tail of spacedTails(searchable(each))) {
            tails.add(tail, place + 1)
            const parts = tail.trimEnd().split(' ')
            if (parts.length < runs) continue
            const opening = `${parts.slice(0, runs).join(' ')} `
            expected.set(opening, (expected.get(opening) ?? new Set()).add(place + 1))
          }
        }
        const told: [string, number[], number][] = []
        const writer = openingWriter(ENTRIES, runs, (opening, members, size) => {
          told.push([opening, unpackedIds(members, ENTRIES), size])
        })
        tails.forEach((tail, members) => {
          writer.add(tail, unpacked(members))
        })
        writer.end()
        const inOrder = [...expected].sort(([a], [b]) => (a < b ? -1 : 1))
        expect(told).toEqual(inOrder.map(([opening, ids]) => [opening, [...ids], ids.size]))
      }),
    )
  })
})
