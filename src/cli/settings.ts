import { type Command, Option } from 'commander'
import {
  type ConfigAndSecrets,
  type Flags,
  readConfig,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
} from '../config.ts'

/** Gives a command the flags of these settings. Their defaults and checks are the configuration's, not commander's. */
export function addSettings(command: Command, names: readonly SettingName[] = SETTING_NAMES): Command {
  const { config: defaults } = readConfig({}, {})
  for (const name of names) {
    const [flag, variable, help] = SETTINGS[name]
    const byDefault = defaults[name] ? `, default ${defaults[name]}` : ''
    command.addOption(new Option(flag, `${help} (${variable}${byDefault})`))
  }
  return command
}

/** The configuration as the command's flags and the environment give it. */
export function configOf(command: Command): ConfigAndSecrets {
  const flags: Flags = {}
  for (const name of SETTING_NAMES) {
    const attribute = new Option(SETTINGS[name][0]).attributeName()
    if (command.getOptionValueSource(attribute) !== 'cli') continue
    const value: unknown = command.getOptionValue(attribute)
    flags[name] = typeof value === 'string' ? value : true
  }
  return readConfig(flags)
}
