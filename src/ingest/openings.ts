import { wordsFor } from '../db/entry-sets.ts'
import { gatherer } from '../db/gatherer.ts'
import { type Members, packed, sizeOf } from '../db/members.ts'
import { openingOf } from '../db/search-text.ts'

/** Puts what begins alike together. */
export interface OpeningWriter {
  /** Tails come in the order of their texts. */
  add(tail: string, members: Members): void
  /** Tells the last opening: all others were told when the next one came. */
  end(): void
}

/** Tells for each opening of that many runs the entries that have a tail with it, and how many; shorter tails have none. */
export function openingWriter(
  entries: number,
  runs: number,
  tell: (opening: string, members: Buffer, size: number) => void,
): OpeningWriter {
  const gathered = gatherer(entries)
  const words = wordsFor(entries)
  let opening = ''
  const end = () => {
    if (opening === '') return
    const members = gathered.take()
    tell(opening, packed(members), sizeOf(members, words))
  }
  return {
    add(tail, members) {
      if (opening === '' || !tail.startsWith(opening)) {
        end()
        opening = openingOf(tail, runs)
      }
      if (opening !== '') gathered.add(members)
    },
    end,
  }
}
