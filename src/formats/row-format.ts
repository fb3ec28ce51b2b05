/** A way to write a list of entries row by row. */
export interface RowFormat {
  contentType: string
  /** What stands before the first row. */
  head: string
  /** One entry, from its JSON as the catalog has it. */
  row(json: string): string
}
