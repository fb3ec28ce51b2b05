import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { EXIT_DONE, EXIT_USED_WRONGLY, reportFailure } from './exit-codes.ts'
import { lookupCommand } from './lookup-command.ts'
import { COMPLETE, LOOKUPS } from './lookups.ts'

type Load = () => Promise<Command>

const lookups = [...LOOKUPS].map(([name, lookup]): [string, Load] => [
  name,
  async () => lookupCommand(name, lookup),
])

/** In the order of the help. Each is loaded when it is asked for. */
const COMMANDS: ReadonlyMap<string, Load> = new Map([
  ['serve', async () => (await import('./serve.ts')).serveCommand()],
  ['ingest', async () => (await import('./ingest.ts')).ingestCommand()],
  ...lookups,
  ['changes', async () => (await import('./changes.ts')).changesCommand()],
  ['history', async () => (await import('./history.ts')).historyCommand()],
  ['licenses', async () => (await import('./licenses.ts')).licensesCommand()],
  ['mcp', async () => (await import('./mcp.ts')).mcpCommand(packageJson.version)],
  ['overlay', async () => (await import('./overlay.ts')).overlayCommand()],
  ['snapshot', async () => (await import('./snapshot.ts')).snapshotCommand()],
  ['sql', async () => (await import('./sql.ts')).sqlCommand()],
  ['token', async () => (await import('./token.ts')).tokenCommand()],
  ['completion', async () => (await import('./completion.ts')).completionCommand(createProgram)],
])

/** What modeldex starts itself. */
const HIDDEN_COMMANDS: ReadonlyMap<string, Load> = new Map([
  ['complete', async () => lookupCommand('complete', COMPLETE)],
  ['refresh-process', async () => (await import('./refresh-process.ts')).refreshProcessCommand()],
  ['sql-child', async () => (await import('./sql.ts')).statementChildCommand()],
])

/**
 * Runs one command; commander says what is wrong with a command line.
 * @returns the exit code
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  try {
    const program = await createProgram(args[0])
    await program.parseAsync(args, { from: 'user' })
    return EXIT_DONE
  } catch (error) {
    // Commander has written its own line already; help and version come as errors with exit code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_DONE : EXIT_USED_WRONGLY
    return reportFailure(error)
  }
}

/** The program with the command of that name alone, or with all where there is none. */
async function createProgram(name = ''): Promise<Command> {
  const program = new Command('modeldex')
    .description(packageJson.description)
    .version(packageJson.version, '--version', 'print the version')
  const asked = COMMANDS.get(name) ?? HIDDEN_COMMANDS.get(name)
  const loads = asked !== undefined ? [asked] : name === '--version' ? [] : COMMANDS.values()
  for (const load of loads) program.addCommand(await load())
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
