/** Rows as lines, their cells in columns. What a terminal would obey is shown, not sent. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map((cell) => cell.replace(/\p{Cc}/gu, '\ufffd')))
  const count = Math.max(0, ...shown.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...shown.map((row) => row[column]?.length ?? 0)),
  )
  return shown
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

const MAX_VALUE_LENGTH = 60

/** A value of JSON, cut where it is long. */
export function shownValue(value: unknown): string {
  if (value === null) return '–'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text
}

/** An RFC 3339 instant: the day alone where it is its beginning. */
export function shownTime(instant: string): string {
  return instant.endsWith('T00:00:00.000Z')
    ? instant.slice(0, 10)
    : `${instant.slice(0, 16).replace('T', ' ')}`
}
