import { z } from 'zod'
import type { Change } from './changes.ts'
import type { RecordState } from './states.ts'
import { splitId } from './subjects.ts'

/** A value, or nothing: JSON's own `null` is a value. */
type Side = [] | [value: unknown]

/** A {@link Change} as `seed/history.json` has it; the id is a model's, or a provider's. */
export type SeedChange =
  | [kind: 'added' | 'returned', id: string]
  | [kind: 'removed' | 'renamed', id: string, before: unknown]
  | [kind: 'changed', id: string, field: string, before: Side, after: Side]

const seedHistorySchema = z.object({
  states: z.array(
    z.object({
      date: z.iso.date(),
      version: z.string(),
      providers: z.int(),
      models: z.int(),
      // Made by `npm run seed:history` and held against the seed by a test: looking into each would take longer than all.
      changes: z.custom<SeedChange[]>(Array.isArray),
    }),
  ),
})

export type SeedHistory = z.infer<typeof seedHistorySchema>

/**
 * Records the states of `seed/history.json`, from the beginning of their days on, if they lead to the given version.
 * @returns whether they do
 */
export function recordSeedHistory(record: RecordState, text: string, version: string): boolean {
  const { states } = seedHistorySchema.parse(JSON.parse(text))
  if (states.at(-1)?.version !== version) return false
  for (const { date, changes, ...state } of states) {
    record({ ...state, at: startOfDay(date), source: 'seed' }, changes.map(changeOf))
  }
  return true
}

function startOfDay(date: string): string {
  return `${date}T00:00:00.000Z`
}

function changeOf(row: SeedChange): Change {
  const id = row[1]
  const [provider, modelId] = id.includes('/') ? splitId(id) : [id, null]
  const about = { kind: row[0], provider, modelId }
  if (row[0] === 'changed') return { ...about, field: row[2], before: row[3][0], after: row[4][0] }
  if (row[0] === 'renamed') return { ...about, before: row[2], after: id }
  return row[0] === 'removed' ? { ...about, before: row[2] } : about
}
