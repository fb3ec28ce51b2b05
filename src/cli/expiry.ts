import { z } from 'zod'
import { UsageError } from '../errors.ts'

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const
const DURATION = /^([1-9][0-9]{0,5})([mhdw])$/

const dateSchema = z.union([z.iso.date(), z.iso.datetime({ offset: true })])

/**
 * Reads when something is to expire: `30d`, `12h`, `90m`, `2w` from now, or a date, which counts from its beginning in
 * UTC unless it names a time and zone.
 * @throws UsageError
 */
export function readExpiry(text: string, now: Date): Date {
  const expires = afterDuration(text, now) ?? atDate(text)
  if (expires === undefined) {
    throw new UsageError(
      `--expires: ${JSON.stringify(text)} is no time from now such as 30d or 12h, and no date`,
    )
  }
  if (expires <= now) throw new UsageError(`--expires: ${text} is over`)
  return expires
}

function afterDuration(text: string, now: Date): Date | undefined {
  const [, count, unit] = DURATION.exec(text) ?? []
  if (count === undefined || !isUnit(unit)) return undefined
  return new Date(now.getTime() + Number(count) * UNITS_MS[unit])
}

function isUnit(text: string | undefined): text is keyof typeof UNITS_MS {
  return text !== undefined && text in UNITS_MS
}

function atDate(text: string): Date | undefined {
  return dateSchema.safeParse(text).success ? new Date(text) : undefined
}
