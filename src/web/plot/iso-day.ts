/** The day of a time in s since 1970. */
export function isoDay(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1_000).toISOString().slice(0, 'YYYY-MM-DD'.length)
}
