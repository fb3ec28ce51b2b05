import { UsageError } from './errors.ts'

const TRUE_WORDS = ['true', '1', 'yes', 'on', 't', 'y']
const FALSE_WORDS = ['false', '0', 'no', 'off', 'f', 'n']
/** Of a version's three numbers: all of them are safe integers. */
const NUMBER = '(?:0|[1-9][0-9]{0,14})'
const WORD = `(?:${NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)`
const VERSION = new RegExp(
  `^v?(${NUMBER}(?:\\.${NUMBER}){2}(?:-${WORD}(?:\\.${WORD})*)?)(?:\\+[0-9A-Za-z.-]+)?$`,
)

/** A value read from text: `read` gives undefined for what it cannot make sense of. */
export function setting<T, Default extends T | undefined>(
  expected: string,
  read: (text: string) => T | undefined,
  byDefault: Default,
) {
  return (text: string | undefined): T | Default => {
    if (text === undefined) return byDefault
    const value = read(text)
    if (value !== undefined) return value
    throw new UsageError(`must be ${expected}, not ${JSON.stringify(text)}${hint(text)}`)
  }
}

function hint(text: string): string {
  if (!/^(tcp|udp|sctp):\/\//.test(text)) return ''
  return ' (Kubernetes sets this for a service called modeldex: set enableServiceLinks: false, or rename it)'
}

export function integer<Default extends number | undefined>(max: number, min: number, byDefault: Default) {
  const read = (text: string) => {
    const value = readInteger(text, max)
    return value !== undefined && value >= min ? value : undefined
  }
  return setting<number, Default>(`a whole number from ${min} to ${max}`, read, byDefault)
}

/** It is not repeated where it is wrong: it is a secret all the same. */
export function bearerToken(text: string | undefined): string | undefined {
  if (text === undefined || /^[A-Za-z0-9._~+/-]+=*$/.test(text)) return text
  throw new UsageError('must be letters, digits and -._~+/, then any =')
}

export function asIs(text: string): string {
  return text
}

export function readInteger(text: string, max: number): number | undefined {
  return /^[0-9]{1,10}$/.test(text) && Number(text) <= max ? Number(text) : undefined
}

export function readBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase()
  if (TRUE_WORDS.includes(word)) return true
  return FALSE_WORDS.includes(word) ? false : undefined
}

/** As semver reads it: without a leading v, and without what only names a build. */
export function readVersion(text: string): string | undefined {
  return VERSION.exec(text)?.[1]
}
