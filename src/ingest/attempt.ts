import { z } from 'zod'
import { isDamage, isDriverError } from '../db/open.ts'
import { AppError, ERRORS } from '../errors.ts'

/** How a refresh went. */
export const attemptSchema = z.object({
  /** When it began: RFC 3339, UTC. */
  at: z.string(),
  outcome: z.enum(['updated', 'unchanged', 'failed']),
  error: z.object({ type: z.string(), detail: z.string() }).nullable(),
})
export type Attempt = z.infer<typeof attemptSchema>

export function failedAttempt(at: string, { code, message }: AppError): Attempt {
  return { at, outcome: 'failed', error: { type: ERRORS[code].type, detail: message } }
}

/** A failed refresh as clients may see it: the cause has the rest. */
export function publicFault(error: unknown): AppError {
  if (!(error instanceof AppError)) return new AppError('internal', 'Internal server error', { cause: error })
  if (error.code !== 'database') return error
  return new AppError('database', `The catalog file cannot be written${whyOf(error)}`, { cause: error })
}

/** SQLite's own words name no path. Of damage it tells more than anyone can use. */
function whyOf({ cause }: AppError): string {
  if (isDamage(cause)) return ': it is damaged'
  return isDriverError(cause) ? `: ${cause.message}` : ''
}
