import { z } from 'zod'
import { isShorter, trim } from '../db/search-text.ts'
import type { ValidationType } from '../errors.ts'
import { readPeriod } from './dates.ts'
import { MAX_QUERY_LENGTH } from './match.ts'

const DEFAULT_LIMIT = 20
const MAX_LIMIT = 100

const INTEGER = /^[+-]?[0-9]+$/
const NUMBER = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$/
/** Says what is wrong with a date that is none. */
export const MALFORMED_DATE = 'must be a day such as 2026-03-31 or an instant such as 2026-03-31T12:00:00Z'
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i
const TRUE = new Set(['true', '1', 'yes', 'on', 't', 'y'])
const FALSE = new Set(['false', '0', 'no', 'off', 'f', 'n'])

export interface Fault {
  type: ValidationType
  message: string
}

export function fault(type: ValidationType, message: string): Fault {
  return { type, message }
}

/** A parameter that is read from its trimmed text, where it is given; all that is wrong with it is reported. */
export function parameter<T extends string | number | bigint | boolean>(
  read: (text: string) => T | Fault | Fault[],
) {
  return z
    .string()
    .optional()
    .transform((text, context): T | undefined => {
      if (text === undefined) return undefined
      const value = read(text)
      if (typeof value !== 'object') return value
      for (const { type, message } of Array.isArray(value) ? value : [value]) {
        context.issues.push({ code: 'custom', message, params: { type }, input: text })
      }
      return z.NEVER
    })
}

/** Text of bounded length: what to look for. */
export function textParameter(description: string) {
  return parameter(readText).meta({ maxLength: MAX_QUERY_LENGTH, description })
}

export function readText(text: string): string | Fault[] {
  const faults: Fault[] = []
  if (!isShorter(text, MAX_QUERY_LENGTH + 1)) {
    faults.push(fault('string_too_long', `must have at most ${MAX_QUERY_LENGTH} characters`))
  }
  if (text.includes('\0')) faults.push(fault('string_pattern_mismatch', 'must not hold U+0000'))
  return faults.length > 0 ? faults : text
}

/** How many of a list to answer with. */
export function limitParameter(description: string) {
  return parameter((text) => {
    const limit = integer(text, 1n)
    if (typeof limit !== 'bigint') return limit
    return limit > MAX_LIMIT ? fault('less_than_equal', `must be at most ${MAX_LIMIT}`) : Number(limit)
  })
    .transform((limit) => limit ?? DEFAULT_LIMIT)
    .meta({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT, description })
}

export function integer(text: string, min: bigint): bigint | Fault {
  if (!INTEGER.test(text)) return fault('int_parsing', 'must be an integer')
  const value = BigInt(text.replace(/^\+/, ''))
  return value < min ? fault('greater_than_equal', `must be at least ${min}`) : value
}

export function number(text: string): number | Fault {
  const value = NUMBER.test(text) ? Number(text) : undefined
  if (value === undefined && !NOT_FINITE.test(text)) return fault('float_parsing', 'must be a number')
  return value !== undefined && Number.isFinite(value)
    ? value
    : fault('finite_number', 'must be a finite number')
}

export function boolean(text: string): boolean | Fault {
  const word = text.toLowerCase()
  if (TRUE.has(word)) return true
  return FALSE.has(word) ? false : fault('bool_parsing', 'must be true or false')
}

/** The last instant of a day, or an instant, in ms since 1970. */
export function instant(text: string): number | Fault {
  return readPeriod(text)?.to ?? fault('string_pattern_mismatch', MALFORMED_DATE)
}

/** What takes several values may be repeated, or listed with commas; letter case does not count. */
export function listItems(text: string): string[] {
  return text
    .split(',')
    .map((item) => trim(item).toLowerCase())
    .filter((item) => item !== '')
}
