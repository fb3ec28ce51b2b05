import { EXIT_DONE, reportFailure } from './exit-codes.ts'
import { isAllWritten } from './output.ts'
import { runLookup } from './run-lookup.ts'

/**
 * Runs one command. Results go to stdout, all else to stderr.
 * @returns the exit code: 0 done, 1 failed, 2 used wrongly
 */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    if (await runLookup(args)) return endAtOnce()
  } catch (error) {
    return reportFailure(error)
  }
  const { runCommand } = await import('./commands.ts')
  return runCommand(args)
}

/** What a lookup has opened needs no taking down, which takes a tenth of a bare start. */
function endAtOnce(): number {
  return isAllWritten() ? process.exit(EXIT_DONE) : EXIT_DONE
}
