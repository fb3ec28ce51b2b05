import { boundedCache } from '../catalog/bounded-cache.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { type PreparedAnswer, quickToSend } from './answer.ts'
import type { Coding } from './encoding.ts'
import { oncePerTurn } from './turn.ts'

/** Most that kept answers may take, in bytes of bodies, headers and keys. */
export const MAX_CACHE_BYTES = 16 * 1024 * 1024
/** What an entry takes beside its body, its headers and its key, in bytes; about, so that many small ones count too. */
const ENTRY_BYTES = 800

/** How many URLs at least are remembered as asked for once, and the longest of them, in characters: a popular one is short. */
export const MAX_SEEN = 5_000
const MAX_SEEN_LENGTH = 1_000

/**
 * Finished answers by URL and coding: of one state of the catalog only. They are kept from the second time on: what is
 * typed once and never again would only push out what is asked for all the time.
 */
export interface AnswerCache {
  /** @throws AppError `database` */
  find(url: string, coding: Coding | undefined): PreparedAnswer | undefined
  /**
   * Makes an answer, and keeps it where it was asked for before.
   * @throws AppError `database`, or what `make` throws
   */
  fill(url: string, coding: Coding | undefined, make: () => PreparedAnswer): PreparedAnswer
  /** How much the kept answers take, in bytes. */
  size(): number
  /** How many requests found a kept answer, and for how many one had to be made. */
  counts(): { hits: number; misses: number }
}

/** Who was not asked for in a while goes first, as `boundedCache` says. */
export function answerCache(catalog: Pick<Catalog, 'state'>, turn?: () => number): AnswerCache {
  const noAnswers = () => boundedCache(MAX_CACHE_BYTES, bytesOf)
  let answers = noAnswers()
  const seen = boundedCache<string, true>(2 * MAX_SEEN, () => 1)
  let state: number | undefined
  let hits = 0
  let misses = 0

  const currentState = oncePerTurn(() => catalog.state(), turn)
  /** Whether what was kept up to now is forgotten. */
  const forgetOutlived = (): boolean => {
    const current = currentState()
    if (current === state) return false
    answers = noAnswers()
    state = current
    return true
  }

  return {
    find(url, coding) {
      const key = keyOf(url, coding)
      const answer = answers.get(key)
      // In this order, for what is not kept needs no look at the file.
      if (answer === undefined || forgetOutlived()) return undefined
      hits++
      return answer
    },
    fill(url, coding, make) {
      misses++
      const key = keyOf(url, coding)
      const isKept = seen.get(key) === true
      // Before it is made: an answer may be kept under a state older than its own, never under a newer one.
      if (isKept) forgetOutlived()
      const answer = quickToSend(make())
      // That took its time: whoever is next in this turn looks again.
      currentState.forget()
      if (isKept) answers.set(key, answer)
      else if (key.length <= MAX_SEEN_LENGTH) seen.set(key, true)
      return answer
    },
    size: () => answers.size(),
    counts: () => ({ hits, misses }),
  }
}

function keyOf(url: string, coding: string | undefined): string {
  return coding === undefined ? url : `${coding} ${url}`
}

function bytesOf(key: string, { body, headers, freshHeaders }: PreparedAnswer): number {
  const texts = [key, ...headers, ...freshHeaders]
  return texts.reduce((sum, text) => sum + text.length, body.length + ENTRY_BYTES)
}
