import { EXIT_DONE, reportFailure } from './exit-codes.ts'
import { runLookup } from './run-lookup.ts'

/**
 * Runs one command. Results go to stdout, all else to stderr.
 * @returns the exit code: 0 done, 1 failed, 2 used wrongly
 */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    if (await runLookup(args)) return EXIT_DONE
  } catch (error) {
    return reportFailure(error)
  }
  const { runCommand } = await import('./commands.ts')
  return runCommand(args)
}
