import { AppError, UsageError } from '../errors.ts'
import { runLookup } from './run-lookup.ts'
import { shownText } from './shown-text.ts'

const EXIT_DONE = 0
const EXIT_FAILED = 1
const EXIT_USED_WRONGLY = 2

/**
 * Runs one command. Results go to stdout, all else to stderr.
 * @returns the exit code: 0 done, 1 failed, 2 used wrongly
 */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    if (await runLookup(args)) return EXIT_DONE
    const { runCommand } = await import('./commands.ts')
    return (await runCommand(args)) ? EXIT_DONE : EXIT_USED_WRONGLY
  } catch (error) {
    process.stderr.write(`modeldex: ${describe(error)}\n`)
    return error instanceof UsageError ? EXIT_USED_WRONGLY : EXIT_FAILED
  }
}

/** What the user can do something about is one line; anything else is a bug, and its trace is what helps. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isForeseen = error instanceof AppError || error instanceof UsageError || 'syscall' in error
  // What the catalog calls things stands in messages too.
  return isForeseen ? error.message.split('\n').map(shownText).join('\n') : (error.stack ?? error.message)
}
