import type { z } from 'zod'
import type { entrySchema } from '../catalog/entry.ts'
import type { RowFormat } from './row-format.ts'

type Entry = z.infer<typeof entrySchema>
type Value = string | number | boolean | readonly string[] | null | undefined

/** What is unknown is empty; lists have a blank between their items. */
const COLUMNS: readonly (readonly [name: string, value: (entry: Entry) => Value])[] = [
  ['id', ({ id }) => id],
  ['provider', ({ provider }) => provider],
  ['name', ({ name }) => name],
  ['capabilities', ({ capabilities }) => capabilities],
  ['input_usd_per_mtok', ({ cost }) => cost?.input],
  ['output_usd_per_mtok', ({ cost }) => cost?.output],
  ['context_tokens', ({ limits }) => limits?.context],
  ['output_tokens', ({ limits }) => limits?.output],
  ['input_modalities', ({ modalities }) => modalities?.input],
  ['output_modalities', ({ modalities }) => modalities?.output],
  ['knowledge', ({ knowledge }) => knowledge],
  ['open_weights', ({ open_weights }) => open_weights],
  ['release_date', ({ release_date }) => release_date],
  ['status', ({ status }) => status],
]

/** RFC 4180, with a header row. */
export const csv: RowFormat = {
  contentType: 'text/csv; charset=utf-8; header=present',
  head: line(COLUMNS.map(([name]) => name)),
  row: (json) => {
    const entry: Entry = JSON.parse(json)
    return line(COLUMNS.map(([, value]) => cell(value(entry))))
  },
}

function line(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`
}

const QUOTED = /[",\r\n]/
/** What makes a spreadsheet take a text for a formula. */
const FORMULA = /^[=+\-@\t\r\n]/

function cell(value: Value): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : value.join(' ')
  // Upstream's texts are other people's: none of them may run on the reader's machine.
  const safe = FORMULA.test(text) ? `'${text}` : text
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
