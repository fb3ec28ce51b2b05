import { type Given, type Lookup, nameOf } from './lookup.ts'
import { COMPLETE, LOOKUPS } from './lookups.ts'

/**
 * Runs a lookup whose command line is plain. Help, and all that is wrong with a command line, is left to commander:
 * loading that takes as long as looking something up.
 * @returns whether it was one
 */
export async function runLookup([name = '', ...args]: readonly string[]): Promise<boolean> {
  const lookup = name === 'complete' ? COMPLETE : LOOKUPS.get(name)
  const given = lookup === undefined ? undefined : readPlain(lookup, args)
  if (lookup === undefined || given === undefined) return false
  const run = await lookup.load()
  await run(given)
  return true
}

/** Undefined for what only commander may make sense of. */
function readPlain(lookup: Lookup, args: readonly string[]): Given | undefined {
  const words: string[] = []
  const options: Record<string, string | boolean | string[]> = {}
  for (let place = 0; place < args.length; place++) {
    const arg = args[place] ?? ''
    if (!arg.startsWith('-')) {
      words.push(arg)
      continue
    }
    const [name = '', ...rest] = arg.split('=')
    const option = lookup.options.find(({ flag }) => `--${nameOf(flag)}` === name)
    const takesValue = option?.flag.includes(' ')
    if (option === undefined || (!takesValue && rest.length > 0)) return undefined
    const value = !takesValue ? true : rest.length > 0 ? rest.join('=') : args[++place]
    if (value === undefined || (rest.length === 0 && String(value).startsWith('-'))) return undefined
    if (option.choices?.every((choice) => choice !== value)) return undefined
    const key = nameOf(option.flag)
    options[key] = option.repeats ? [options[key] ?? [], String(value)].flat().map(String) : value
  }
  return takes(lookup, words.length) ? { words, options } : undefined
}

function takes({ argument }: Lookup, count: number): boolean {
  const notation = argument?.[0] ?? ''
  const most = notation.includes('...') ? Number.POSITIVE_INFINITY : notation === '' ? 0 : 1
  return count >= (notation.startsWith('<') ? 1 : 0) && count <= most
}
