import { parseArgs } from 'node:util'
import type { Given, Lookup } from './lookup.ts'
import { nameOf } from './lookup.ts'
import { COMPLETE, LOOKUPS } from './lookups.ts'

/**
 * Runs a lookup whose command line is plain. Help, and all that is wrong with a command line, is left to commander:
 * loading that takes as long as looking something up.
 * @returns whether it was one
 */
export async function runLookup([name = '', ...args]: readonly string[]): Promise<boolean> {
  const lookup = name === 'complete' ? COMPLETE : LOOKUPS.get(name)
  const given = lookup === undefined ? undefined : givenBy(lookup, args)
  if (lookup === undefined || given === undefined) return false
  const run = await lookup.load()
  await run(given)
  return true
}

function givenBy(lookup: Lookup, args: string[]): Given | undefined {
  const options = Object.fromEntries(
    lookup.options.map(({ flag, repeats = false }) => [
      nameOf(flag),
      { type: flag.includes(' ') ? ('string' as const) : ('boolean' as const), multiple: repeats },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    const isRight =
      takes(lookup, positionals.length) && lookup.options.every((option) => isChoice(option, values))
    return isRight ? { words: positionals, options: values } : undefined
  } catch {
    return undefined
  }
}

function takes({ argument }: Lookup, count: number): boolean {
  const notation = argument?.[0] ?? ''
  const most = notation.includes('...') ? Number.POSITIVE_INFINITY : notation === '' ? 0 : 1
  return count >= (notation.startsWith('<') ? 1 : 0) && count <= most
}

function isChoice({ flag, choices }: Lookup['options'][number], values: Given['options']): boolean {
  const value = values[nameOf(flag)]
  return choices === undefined || value === undefined || choices.some((choice) => choice === value)
}
