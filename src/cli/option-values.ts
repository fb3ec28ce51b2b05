import { readPeriod } from '../catalog/dates.ts'
import type { QueryPair } from '../catalog/params.ts'
import { readConfig } from '../config.ts'
import { AppError, UsageError } from '../errors.ts'
import type { Given } from './lookup.ts'

/** Where the catalog is. All of the configuration is read for it, so that a misspelt variable is told. */
export function catalogFile({ options }: Given): string {
  return readConfig(typeof options.db === 'string' ? { db: options.db } : {}).config.db
}

/** The value of an option that takes one. */
function textOf({ options }: Given, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value.trim() || undefined : undefined
}

/** A word that is compared without regard to letter case. */
export function wordOf(given: Given, name: string): string | undefined {
  return textOf(given, name)?.toLowerCase()
}

/** The words of an option that may be repeated; commas separate them too. */
export function wordsOf({ options }: Given, name: string): string[] {
  const words = [options[name] ?? []].flat().flatMap((value) => String(value).toLowerCase().split(','))
  return [...new Set(words.map((word) => word.trim()).filter((word) => word !== ''))]
}

/** A year, a month or a day, as it stands. @throws UsageError */
export function dateOf(given: Given, name: string): string | undefined {
  const text = textOf(given, name)
  if (text === undefined || /^\d{4}(-(0[1-9]|1[0-2]))?$/.test(text)) return text
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && readPeriod(text) !== undefined) return text
  throw wrong(name, 'a year, a month or a day such as 2026-03-31', text)
}

/** A count of at least `least`. @throws UsageError */
export function countOf(given: Given, name: string, least: number): number | undefined {
  const text = textOf(given, name)
  if (text === undefined) return undefined
  const value = /^\+?[0-9]+$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(value) && value >= least) return value
  throw wrong(name, `a whole number of at least ${least}`, text)
}

/** @throws UsageError */
export function numberOf(given: Given, name: string): number | undefined {
  const text = textOf(given, name)
  if (text === undefined) return undefined
  const value = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(text) ? Number(text) : Number.NaN
  if (Number.isFinite(value)) return value
  throw wrong(name, 'a number', text)
}

/** @throws UsageError for a range that holds nothing */
export function refuseEmptyRange(given: Given, min: string, max: string): void {
  const [low, high] = [textOf(given, min), textOf(given, max)]
  if (low === undefined || high === undefined || Number(low) <= Number(high)) return
  throw new UsageError(`--${min} (${low}) is above --${max} (${high})`)
}

function wrong(name: string, expected: string, text: string): UsageError {
  return new UsageError(`--${name}: must be ${expected}, not ${JSON.stringify(text)}`)
}

/** The options as parameters of a route, by the names it has for them. */
export function parameterPairs(given: Given, names: Readonly<Record<string, string>>): QueryPair[] {
  return Object.entries(names).flatMap(([option, parameter]) => {
    const text = textOf(given, option)
    return text === undefined ? [] : [[parameter, text] as const]
  })
}

/**
 * Reads parameters. A fault in one is one of whoever called the program, in the option's name.
 * @throws UsageError
 */
export function usedRightly<T>(names: Readonly<Record<string, string>>, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const faults = error.items?.map(({ loc, msg }) => {
      const [option] = Object.entries(names).find(([, parameter]) => parameter === loc.at(-1)) ?? []
      return `${option === undefined ? loc.at(-1) : `--${option}`}: ${msg}`
    })
    throw new UsageError(faults?.join('; ') ?? error.message, { cause: error })
  }
}
