import { AppError, isSystemError, UsageError } from '../errors.ts'
import { shownText } from './shown-text.ts'

export const EXIT_DONE = 0
const EXIT_FAILED = 1
export const EXIT_USED_WRONGLY = 2

/** Says on stderr what went wrong. @returns the exit code */
export function reportFailure(error: unknown): number {
  // Whoever reads what is printed may stop before its end, as `head` does.
  if (isSystemError(error, 'EPIPE')) return EXIT_DONE
  process.stderr.write(`modeldex: ${describe(error)}\n`)
  return error instanceof UsageError ? EXIT_USED_WRONGLY : EXIT_FAILED
}

/** What the user can do something about is one line; anything else is a bug, and its trace is what helps. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isForeseen = error instanceof AppError || error instanceof UsageError || 'syscall' in error
  // What the catalog calls things stands in messages too.
  return isForeseen ? error.message.split('\n').map(shownText).join('\n') : (error.stack ?? error.message)
}
