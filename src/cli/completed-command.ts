/** What stands for a value of an option, or for an argument: words, or what is to be looked up. */
export type Values = readonly string[] | 'files' | 'models' | 'providers'

/** A command as a shell completes it. */
export interface CompletedCommand {
  /** Its names from the program down: `token create`; blank for the program itself. */
  path: string
  description: string
  subcommands: readonly string[]
  options: readonly CompletedOption[]
  argument: Values
}

export interface CompletedOption {
  flag: string
  description: string
  /** Undefined: it takes none. */
  values: Values | undefined
}
