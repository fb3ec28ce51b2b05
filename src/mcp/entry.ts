import { z } from 'zod'
import { inLine } from './text.ts'

const price = z.number().nullable()
/** As upstream sent it, however large. */
const tokens = z.number().nullable()

/** A model as it is found: what tells it from others. */
export const listedModelSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  capabilities: z.array(z.string()),
  cost: z.object({ input: price, output: price }).nullable(),
  limits: z.object({ context: tokens, output: tokens }).nullable(),
  open_weights: z.boolean().nullable(),
  release_date: z.string().nullable(),
  status: z.string().nullable(),
})

export type ListedModel = z.infer<typeof listedModelSchema>

/** All of it on one line. */
export function modelLine({ id, name, ...model }: ListedModel): string {
  const { cost, limits, capabilities, open_weights, release_date, status } = model
  const facts = [
    cost === null ? 'price unknown' : `${usd(cost.input)} in, ${usd(cost.output)} out`,
    `context ${limits?.context ?? 'unknown'}, output ${limits?.output ?? 'unknown'}`,
    ...(capabilities.length > 0 ? [capabilities.map(inLine).join(' ')] : []),
    ...(open_weights === true ? ['open weights'] : []),
    ...(release_date === null ? [] : [`released ${inLine(release_date)}`]),
    ...(status === null ? [] : [inLine(status)]),
  ]
  return `${inLine(id)} (${inLine(name ?? 'unnamed')}): ${facts.join('; ')}`
}

function usd(amount: number | null): string {
  return amount === null ? 'unknown' : `$${amount}`
}
