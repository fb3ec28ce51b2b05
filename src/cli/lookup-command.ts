import { Command, Option } from 'commander'
import type { Lookup } from './lookup.ts'
import { nameOf } from './lookup.ts'

/** A lookup as a command that explains itself and says what is wrong with a command line. */
export function lookupCommand(name: string, lookup: Lookup): Command {
  const { description, argument, options, load } = lookup
  const command = new Command(name).description(description)
  if (argument !== undefined) command.argument(...argument)
  for (const { flag, meaning, choices, repeats } of options) {
    const option = new Option(flag, meaning)
    if (choices !== undefined) option.choices(choices)
    if (repeats) option.argParser((value, before: string[] = []) => [...before, value])
    command.addOption(option)
  }
  return command.action(async () => {
    const run = await load()
    const values = options.map(({ flag }) => {
      const key = new Option(flag).attributeName()
      return [nameOf(flag), command.getOptionValue(key)]
    })
    await run({ words: command.args, options: Object.fromEntries(values) })
  })
}
