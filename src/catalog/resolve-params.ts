import { z } from 'zod'
import { MAX_QUERY_LENGTH } from './match.ts'
import { limitParameter, parameter, readText } from './param-kinds.ts'
import { givenOf, type QueryPair, readParameters } from './params.ts'

/** The parameters of a request to resolve an id, in the order in which their faults are reported. */
export const resolveQuerySchema = z.object({
  // Longer than any id that is known.
  id: parameter(readText).meta({
    type: 'string',
    required: true,
    maxLength: MAX_QUERY_LENGTH,
    description: 'A model’s id as any tool, seller or map spells it.',
  }),
  provider: parameter((text) => text.toLowerCase()).meta({
    type: 'string',
    description: 'Only this provider’s entries.',
  }),
  limit: limitParameter('Most matches to return.'),
})

export interface ResolveQuery {
  id: string
  provider: string | undefined
  limit: number
}

const NAMES = resolveQuerySchema.keyof().options

/**
 * Reads the parameters of a request to resolve an id.
 * @throws AppError `validation` with all faults at once
 */
export function parseResolveQuery(pairs: readonly QueryPair[]): ResolveQuery {
  const { given, unknown } = givenOf(pairs, NAMES)
  const missing =
    given.id === undefined ? [{ loc: ['query', 'id'], msg: 'is required', type: 'missing' } as const] : []
  const { id = '', provider, limit } = readParameters(resolveQuerySchema, given, missing, unknown)
  return { id, provider, limit }
}
