import type { Catalog } from '../catalog/catalog.ts'
import type { PreparedAnswer } from './answer.ts'

/** Most that kept answers may take, in bytes of bodies, suggestions and keys. */
export const MAX_CACHE_BYTES = 16 * 1024 * 1024
/** What an entry takes beside its body and its key, in bytes; about, so that many small ones count too. */
const ENTRY_BYTES = 500

/** Finished answers by URL and coding: of one state of the catalog only. */
export interface AnswerCache {
  /** @throws AppError `database` */
  find(url: string, coding: string | undefined): PreparedAnswer | undefined
  keep(url: string, answer: PreparedAnswer): void
  /** How much the kept answers take, in bytes. */
  size(): number
}

/** The answers longest not asked for go first. */
export function answerCache(catalog: Pick<Catalog, 'state'>): AnswerCache {
  const answers = new Map<string, PreparedAnswer>()
  let state: number | undefined
  let bytes = 0

  const drop = (key: string, answer: PreparedAnswer) => {
    answers.delete(key)
    bytes -= bytesOf(key, answer)
  }

  return {
    find(url, coding) {
      const current = catalog.state()
      if (current !== state) {
        answers.clear()
        bytes = 0
        state = current
        return undefined
      }
      const key = keyOf(url, coding)
      const answer = answers.get(key)
      if (answer !== undefined) {
        answers.delete(key)
        answers.set(key, answer)
      }
      return answer
    },
    keep(url, answer) {
      const key = keyOf(url, answer.coding)
      const replaced = answers.get(key)
      if (replaced !== undefined) drop(key, replaced)
      answers.set(key, answer)
      bytes += bytesOf(key, answer)
      for (const [oldest, old] of answers) {
        if (bytes <= MAX_CACHE_BYTES) break
        drop(oldest, old)
      }
    },
    size: () => bytes,
  }
}

function keyOf(url: string, coding: string | undefined): string {
  return coding === undefined ? url : `${coding} ${url}`
}

function bytesOf(key: string, answer: PreparedAnswer): number {
  return key.length + answer.bytes.length + (answer.didYouMean?.length ?? 0) + ENTRY_BYTES
}
