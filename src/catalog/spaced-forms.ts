import type { Database } from '../db/open.ts'
import { LAST_CHARACTER, runs, type TITLE_MARK } from '../db/search-text.ts'
import { remembered } from './bounded-cache.ts'
import type { RunSets } from './run-sets.ts'

/**
 * Tells how a joined form may be spaced: cut wherever runs of some text end, the last one perhaps only a beginning. With
 * `mark`, in front of the first run, it must be so at the start of a title.
 */
export type SpacedForms = (joined: string, mark: '' | typeof TITLE_MARK) => string[]

/**
 * For one state of a catalog. A form is followed from run to run, and no further than some text holds it, so that there are
 * never many.
 */
export function spacedForms(db: Database, { isRun, begun }: RunSets): SpacedForms {
  const pair = db.prepare<[string], number>('SELECT 1 FROM entry_pair WHERE pair = ?').pluck()
  const tail = db
    .prepare<[string, string], number>('SELECT 1 FROM entry_tail WHERE tail >= ? AND tail < ? LIMIT 1')
    .pluck()
  const isPair = remembered((sequence) => pair.get(sequence) !== undefined)
  const beginsTail = remembered((sequence) => tail.get(sequence, sequence + LAST_CHARACTER) !== undefined)

  const stands = (sequence: string, count: number) => (count === 2 ? isPair(sequence) : beginsTail(sequence))
  /** `before` are `count` runs that stand so in some text; it goes on in a stretch, from some place in it. */
  const follow = (into: Forms, before: string, count: number, stretch: number, from: number) => {
    const { stretches, forms } = into
    const text = stretches[stretch] ?? ''
    const isLast = stretch === stretches.length - 1
    const mark = count === 0 ? into.mark : ''
    const rest = mark + text.slice(from)
    const most = begun(rest)
    for (let length = mark.length + 1; length <= most; length++) {
      const run = rest.slice(0, length)
      const isEnd = length === rest.length
      if (isEnd && isLast) {
        forms.push(before + run)
        return
      }
      if (!isRun(run)) continue
      const sequence = `${before}${run} `
      if (count > 0 && !stands(sequence, count + 1)) continue
      follow(
        into,
        sequence,
        count + 1,
        isEnd ? stretch + 1 : stretch,
        isEnd ? 0 : from + length - mark.length,
      )
    }
  }
  return (joined, mark) => {
    // A run is of letters or of digits, so that one ends where these meet.
    const into: Forms = { stretches: runs(joined), mark, forms: [] }
    follow(into, '', 0, 0, 0)
    return into.forms
  }
}

/** What is followed, and what was found. */
interface Forms {
  stretches: readonly string[]
  /** Stands in front of the first run. */
  mark: '' | typeof TITLE_MARK
  forms: string[]
}
