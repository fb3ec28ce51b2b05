/** A command that looks something up in the catalog file. It is told as data: what asks for it need not load it. */
export interface Lookup {
  description: string
  /** As commander writes it: `<id>` must be there, `[id]` may be, `<id...>` may repeat. */
  argument?: readonly [notation: string, meaning: string]
  options: readonly LookupOption[]
  load(): Promise<(given: Given) => void | Promise<void>>
}

export interface LookupOption {
  /** `--limit <number>`, or `--json` where it takes no value. */
  flag: string
  meaning: string
  choices?: readonly string[]
  repeats?: true
}

/** The command line of a lookup, read. */
export interface Given {
  words: readonly string[]
  /** By their names without the dashes. */
  options: Readonly<Record<string, string | boolean | string[] | undefined>>
}

/** What an option is called: `--limit <number>` is `limit`. */
export function nameOf(flag: string): string {
  return flag.slice('--'.length).replace(/ .*/, '')
}
