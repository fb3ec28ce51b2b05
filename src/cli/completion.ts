import { Argument, Command, type Option } from 'commander'
import { SETTINGS } from '../config.ts'
import { CAPABILITIES } from '../db/capabilities.ts'
import { CHANGE_KINDS } from '../history/undo.ts'
import type { CompletedCommand, CompletedOption, Values } from './completed-command.ts'
import { bashScript, fishScript, zshScript } from './completion-scripts.ts'

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript }
type Shell = keyof typeof SCRIPTS

/** @param program makes the whole program, whose commands are completed */
export function completionCommand(program: () => Promise<Command>): Command {
  return new Command('completion')
    .description('print a script that makes a shell complete commands, options and ids')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SCRIPTS)))
    .action(async (shell: Shell) => {
      process.stdout.write(SCRIPTS[shell](completedCommands(await program())))
    })
}

function completedCommands(command: Command, names: readonly string[] = []): CompletedCommand[] {
  const visible = command.createHelp().visibleCommands(command)
  const subcommands = visible.filter((subcommand) => subcommand.name() !== 'help')
  const [argument] = command.registeredArguments
  return [
    {
      path: names.join(' '),
      description: command.description(),
      subcommands: subcommands.map((subcommand) => subcommand.name()),
      options: command.createHelp().visibleOptions(command).map(completedOption),
      argument: argument === undefined ? [] : (argument.argChoices ?? valuesOf(argument.name())),
    },
    ...subcommands.flatMap((subcommand) => completedCommands(subcommand, [...names, subcommand.name()])),
  ]
}

function completedOption({ long, flags, description, argChoices }: Option): CompletedOption {
  const placeholder = /<(.*)>/.exec(flags)?.[1]
  const values = placeholder === undefined ? undefined : (argChoices ?? valuesOf(placeholder))
  return { flag: long ?? flags, description, values }
}

/** What is completed for a value that is called so. */
function valuesOf(name: string): Values {
  if (name === 'id') return 'models'
  if (name === 'provider') return 'providers'
  if (name === 'capability') return CAPABILITIES
  if (name === 'kind') return CHANGE_KINDS
  if (name === 'modality') return ['text', 'image', 'audio', 'video', 'pdf']
  if (name === 'status') return ['alpha', 'beta', 'deprecated', 'none']
  if (name === 'level') return SETTINGS.logLevel[2].split(', ')
  return ['file', 'source', 'old', 'new'].includes(name) ? 'files' : []
}
