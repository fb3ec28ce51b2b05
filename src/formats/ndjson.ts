import type { RowFormat } from './row-format.ts'

/** One entry a line, as in the JSON of a list. */
export const ndjson: RowFormat = {
  contentType: 'application/x-ndjson; charset=utf-8',
  head: '',
  row: (json) => `${json}\n`,
}
