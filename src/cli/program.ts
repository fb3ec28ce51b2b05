import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { AppError, UsageError } from '../errors.ts'
import { changesCommand } from './changes.ts'
import { historyCommand } from './history.ts'
import { ingestCommand } from './ingest.ts'
import { licensesCommand } from './licenses.ts'
import { mcpCommand } from './mcp.ts'
import { overlayCommand } from './overlay.ts'
import { refreshProcessCommand } from './refresh-process.ts'
import { serveCommand } from './serve.ts'
import { snapshotCommand } from './snapshot.ts'
import { sqlCommand, statementChildCommand } from './sql.ts'
import { tokenCommand } from './token.ts'

const EXIT_DONE = 0
const EXIT_FAILED = 1
const EXIT_USED_WRONGLY = 2

/**
 * Runs one command. Results go to stdout, all else to stderr.
 * @returns the exit code: 0 done, 1 failed, 2 used wrongly
 */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: 'user' })
    return EXIT_DONE
  } catch (error) {
    // Commander has written its own line already; help and version come as errors with exit code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_DONE : EXIT_USED_WRONGLY
    process.stderr.write(`modeldex: ${describe(error)}\n`)
    return error instanceof UsageError ? EXIT_USED_WRONGLY : EXIT_FAILED
  }
}

function createProgram(): Command {
  const program = new Command('modeldex')
    .description(packageJson.description)
    .version(packageJson.version, '--version', 'print the version')
    .addCommand(serveCommand())
    .addCommand(ingestCommand())
    .addCommand(changesCommand())
    .addCommand(historyCommand())
    .addCommand(licensesCommand())
    .addCommand(mcpCommand(packageJson.version))
    .addCommand(overlayCommand())
    .addCommand(snapshotCommand())
    .addCommand(sqlCommand())
    .addCommand(tokenCommand())
    .addCommand(refreshProcessCommand(), { hidden: true })
    .addCommand(statementChildCommand(), { hidden: true })
  reportAsOneLine(program)
  return program
}

/** Commands that are built apart from the program inherit none of this. */
function reportAsOneLine(command: Command): void {
  command.exitOverride().configureOutput({
    outputError: (text, write) => write(text.replace(/^error: /, 'modeldex: ').replace('\n(', ' (')),
  })
  for (const subcommand of command.commands) reportAsOneLine(subcommand)
}

/** What the user can do something about is one line; anything else is a bug, and its trace is what helps. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isForeseen = error instanceof AppError || error instanceof UsageError || 'syscall' in error
  return isForeseen ? error.message : (error.stack ?? error.message)
}
