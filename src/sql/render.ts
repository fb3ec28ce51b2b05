import type { SQLOutputValue } from 'node:sqlite'
import type { Format } from './protocol.ts'

/** Longest cell of a table, in characters; JSON and CSV leave nothing out. */
const MAX_TABLE_CELL = 80

export type Cell = SQLOutputValue

/** Makes text of a result: a row at a time, so that the length is known while rows still come. */
export interface Renderer {
  row(cells: readonly Cell[]): string
  /** All of the answer, once every row has been rendered. */
  whole(rows: readonly string[], truncated: boolean): string
}

export const RENDERERS: Record<Format, (columns: readonly string[]) => Renderer> = {
  api: (columns) => ({
    row: (cells) => `[${cells.map(json).join(',')}]`,
    whole: (rows, truncated) =>
      `{"columns":${JSON.stringify(columns)},"rows":[${rows.join(',')}],"truncated":${truncated}}`,
  }),
  json: (columns) => ({
    row: (cells) => `{${cells.map((cell, at) => `${JSON.stringify(columns[at])}:${json(cell)}`).join(',')}}`,
    whole: (rows) => `[${rows.join(',\n')}]\n`,
  }),
  // RFC 4180.
  csv: (columns) => ({
    row: (cells) => `${cells.map(csv).join(',')}\r\n`,
    whole: (rows) => `${columns.map(csv).join(',')}\r\n${rows.join('')}`,
  }),
  table: tableRenderer,
}

/** Integers keep all their digits. What JSON has no number for is null, as everywhere. */
function json(cell: Cell): string {
  if (typeof cell === 'bigint') return String(cell)
  if (cell instanceof Uint8Array) {
    return JSON.stringify({ $base64: true, encoded: Buffer.from(cell).toString('base64') })
  }
  return JSON.stringify(cell)
}

/** NULL is an empty field, an empty text is a quoted one. */
function csv(cell: Cell): string {
  if (cell === null) return ''
  const text = plain(cell)
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function plain(cell: Cell): string {
  if (cell === null) return 'NULL'
  return cell instanceof Uint8Array ? `x'${Buffer.from(cell).toString('hex')}'` : String(cell)
}

function tableRenderer(columns: readonly string[]): Renderer {
  const header = columns.map(shown)
  const widths = header.map(lengthOf)
  const isNumeric = columns.map(() => true)
  const table: string[][] = []
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => {
        const blanks = ' '.repeat(Math.max(0, (widths[at] ?? 0) - lengthOf(cell)))
        return isNumeric[at] ? blanks + cell : cell + blanks
      })
      .join('  ')
      .trimEnd()
  return {
    row(cells) {
      const texts = cells.map((cell, at) => {
        const text = shown(plain(cell))
        widths[at] = Math.max(widths[at] ?? 0, lengthOf(text))
        if (typeof cell === 'string' || cell instanceof Uint8Array) isNumeric[at] = false
        return text
      })
      table.push(texts)
      return texts.join('  ')
    },
    whole: () => {
      const rule = widths.map((width) => '-'.repeat(width)).join('  ')
      return `${[line(header), rule, ...table.map(line)].join('\n')}\n`
    },
  }
}

/** On one line, and without what a terminal would obey. */
function shown(text: string): string {
  const visible = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    character === '\n' ? '\\n' : `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`,
  )
  const characters = [...visible]
  return characters.length > MAX_TABLE_CELL ? `${characters.slice(0, MAX_TABLE_CELL - 1).join('')}…` : visible
}

function lengthOf(text: string): number {
  return [...text].length
}
