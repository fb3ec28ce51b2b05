import { cut, shownText, widthOf } from './shown-text.ts'
import { type Style, styled, terminalWidth } from './terminal.ts'

/** A column of a table that fits the terminal. */
export interface Column {
  title: string
  align?: 'right'
  /** It may be cut to this width. */
  least?: number
  /** It may be left out, those with the highest number first. */
  rank?: number
}

/** What stands in a row, and how it is drawn. */
export interface Row {
  cells: readonly string[]
  style?: Style | undefined
}

const GAP = '  '

/** Rows as lines, their cells in columns. What a terminal would obey is shown, not sent. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const count = Math.max(0, ...rows.map((row) => row.length))
  const columns = Array.from({ length: count }, () => ({ title: '' }))
  return linesOf(columns, rows.map(shown), Number.POSITIVE_INFINITY).map(endLine).join('')
}

/**
 * The same under titles and within the width of the terminal, where stdout is one: columns are left out, then others cut,
 * the least important ones first.
 */
export function fittedTable(columns: readonly Column[], rows: readonly Row[]): string {
  const isBlank = (place: number) => rows.every(({ cells }) => cells[place] === '')
  const titles = columns.map(({ title }, place) => (isBlank(place) ? '' : title))
  const head: Row[] = titles.some((title) => title !== '') ? [{ cells: titles, style: 'bold' }] : []
  const all = [...head, ...rows]
  const lines = linesOf(columns, all.map(({ cells }) => cells).map(shown), terminalWidth())
  return lines.map((line, place) => endLine(styled(all[place]?.style, line))).join('')
}

function linesOf(columns: readonly Column[], rows: readonly (readonly string[])[], room: number): string[] {
  const widths = columns.map((_, place) => Math.max(0, ...rows.map((row) => widthOf(row[place] ?? ''))))
  narrow(columns, widths, room)
  return rows.map((row) => {
    const line = columns
      .flatMap(({ align }, place) => {
        const width = widths[place]
        if (width === undefined || width === 0) return []
        const text = cut(row[place] ?? '', width)
        const blank = ' '.repeat(Math.max(0, width - widthOf(text)))
        return [align === 'right' ? blank + text : text + blank]
      })
      .join(GAP)
    return cut(line.trimEnd(), room)
  })
}

/** Gives columns that are left out no width. */
function narrow(columns: readonly Column[], widths: number[], room: number): void {
  const order = [...columns.keys()].sort((a, b) => (columns[b]?.rank ?? 0) - (columns[a]?.rank ?? 0))
  const leastWidth = (place: number) =>
    Math.min(widths[place] ?? 0, columns[place]?.least ?? widths[place] ?? 0)
  for (const place of order) {
    if (columns[place]?.rank !== undefined && total(widths.map((_, each) => leastWidth(each))) > room)
      widths[place] = 0
  }
  for (const place of order) {
    const over = Math.max(0, total(widths) - room)
    widths[place] = Math.max(leastWidth(place), (widths[place] ?? 0) - over)
  }
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + (width > 0 ? width + GAP.length : 0), -GAP.length)
}

function shown(cells: readonly string[]): string[] {
  return cells.map(shownText)
}

function endLine(line: string): string {
  return `${line}\n`
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
