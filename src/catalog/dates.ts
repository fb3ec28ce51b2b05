/** A stretch of time, both ends in it, in ms since 1970. */
export interface Period {
  from: number
  to: number
}

const DAY_MS = 24 * 60 * 60 * 1000
/** What four digits of a year can say, in UTC. */
const FIRST_MS = Date.parse('0000-01-01T00:00:00Z')
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z')
const DAY = /^\d{4}-\d{2}-\d{2}$/
/** RFC 3339, which allows small letters too. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/

/** Reads a UTC day, `YYYY-MM-DD`, or an RFC 3339 instant; undefined for anything else, and for days that never were. */
export function readPeriod(text: string): Period | undefined {
  if (DAY.test(text)) {
    const from = startOfDay(text)
    return from === undefined ? undefined : { from, to: from + DAY_MS - 1 }
  }
  const instant = text.toUpperCase()
  if (!INSTANT.test(instant) || startOfDay(instant.slice(0, 10)) === undefined) return undefined
  // A leap second is the end of the minute.
  const from = Date.parse(instant.replace(/:60(?=[.Z+-])/, ':59'))
  return from >= FIRST_MS && from <= LAST_MS ? { from, to: from } : undefined
}

/** `Date` takes 30 February for 2 March. */
function startOfDay(day: string): number | undefined {
  const date = new Date(`${day}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day ? undefined : date.getTime()
}
