import { z } from 'zod'
import { type Fault, fault, givenOf, integer, parameter, type QueryPair, readParameters } from './params.ts'

/** Longest id to look for, in code points: longer than any that is known. */
const MAX_ID_LENGTH = 256
const DEFAULT_LIMIT = 20
const MAX_LIMIT = 100

/** The parameters of a request to resolve an id, in the order in which their faults are reported. */
export const resolveQuerySchema = z.object({
  id: parameter(readId).meta({
    type: 'string',
    required: true,
    maxLength: MAX_ID_LENGTH,
    description: 'A model’s id as any tool, seller or map spells it.',
  }),
  provider: parameter((text) => text.toLowerCase()).meta({
    type: 'string',
    description: 'Only this provider’s entries.',
  }),
  limit: parameter((text) => {
    const limit = integer(text, 1n)
    if (typeof limit !== 'bigint') return limit
    return limit > MAX_LIMIT ? fault('less_than_equal', `must be at most ${MAX_LIMIT}`) : Number(limit)
  })
    .transform((limit) => limit ?? DEFAULT_LIMIT)
    .meta({
      type: 'integer',
      minimum: 1,
      maximum: MAX_LIMIT,
      default: DEFAULT_LIMIT,
      description: 'Most matches to return.',
    }),
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

function readId(text: string): string | Fault | Fault[] {
  const faults: Fault[] = []
  if ([...text].length > MAX_ID_LENGTH) {
    faults.push(fault('string_too_long', `must have at most ${MAX_ID_LENGTH} characters`))
  }
  if (text.includes('\0')) faults.push(fault('string_pattern_mismatch', 'must not hold U+0000'))
  return faults.length > 0 ? faults : text
}
