import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** How many answers count: what a picker shows without scrolling. */
export const PAGE = 10

const judgementSchema = z.strictObject({
  query: z.string(),
  /** What sort of query it is. */
  kind: z.string(),
  /** Acceptable first answers. */
  first: z.array(z.string()).min(1),
  /** What belongs on the page: of each group at least one. */
  top: z.array(z.array(z.string()).min(1)).min(1).max(PAGE),
  why: z.string(),
})
const judgementsSchema = z.array(judgementSchema)

/** A judged query. */
export interface Judgement extends Omit<z.infer<typeof judgementSchema>, 'first' | 'top'> {
  first: ReadonlySet<string>
  top: readonly ReadonlySet<string>[]
}

/**
 * Reads `judged.json`. Its ids may hold `*`, for any characters.
 * @throws Error when an id stands for no entry, or a query is judged twice
 */
export function readJudgements(ids: readonly string[]): Judgement[] {
  const text = readFileSync(new URL('judged.json', import.meta.url), 'utf8')
  const all = new Set(ids)
  const queries = new Set<string>()
  return judgementsSchema.parse(JSON.parse(text)).map(({ first, top, ...judgement }) => {
    if (queries.has(judgement.query)) throw new Error(`judged twice: ${judgement.query}`)
    queries.add(judgement.query)
    const entries = (patterns: string[]) =>
      new Set(
        patterns.flatMap((pattern) => {
          const found = pattern.includes('*') ? matching(pattern, ids) : all.has(pattern) ? [pattern] : []
          if (found.length === 0) throw new Error(`${judgement.query}: the catalog holds no ${pattern}`)
          return found
        }),
      )
    return { ...judgement, first: entries(first), top: top.map(entries) }
  })
}

function matching(pattern: string, ids: readonly string[]): string[] {
  const expression = new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`)
  return ids.filter((id) => expression.test(id))
}
