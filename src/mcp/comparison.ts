import { z } from 'zod'
import { listedModelSchema } from './entry.ts'

/** What models are held side by side by. */
export const comparedSchema = z.object({
  ...listedModelSchema.shape,
  modalities: z.object({ input: z.array(z.string()), output: z.array(z.string()) }).nullable(),
  knowledge: z.string().nullable(),
})

type Compared = z.infer<typeof comparedSchema>

/** A field and its value of every model. */
export type ComparisonRow = [field: string, values: unknown[]]

/** Objects stand by their parts. */
export function comparisonRows(models: readonly Compared[]): ComparisonRow[] {
  const row = (field: string, of: (model: Compared) => unknown): ComparisonRow => [field, models.map(of)]
  return [
    row('id', ({ id }) => id),
    row('name', ({ name }) => name),
    row('cost.input', ({ cost }) => cost?.input),
    row('cost.output', ({ cost }) => cost?.output),
    row('limits.context', ({ limits }) => limits?.context),
    row('limits.output', ({ limits }) => limits?.output),
    row('capabilities', ({ capabilities }) => capabilities.join(' ')),
    row('modalities.input', ({ modalities }) => modalities?.input.join(' ')),
    row('modalities.output', ({ modalities }) => modalities?.output.join(' ')),
    row('open_weights', ({ open_weights }) => open_weights),
    row('knowledge', ({ knowledge }) => knowledge),
    row('release_date', ({ release_date }) => release_date),
    row('status', ({ status }) => status),
  ]
}

/** The id tells them apart in any case. */
export function isDifferent([field, values]: ComparisonRow): boolean {
  return field !== 'id' && values.some((value) => (value ?? null) !== (values[0] ?? null))
}
