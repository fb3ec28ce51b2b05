/** The hidden command of this program that runs one statement: `sql-child MOST_BYTES_OF_MEMORY PID_OF_ITS_PARENT`. */
export const CHILD_COMMAND = 'sql-child'

export type Format = 'api' | 'json' | 'csv' | 'table'

/** What a JSON body can bind. */
export type Parameter = string | number | boolean | null
export type Parameters = Parameter[] | Record<string, Parameter>

/** One statement, as it is sent to the process that runs it. */
export interface StatementRequest {
  db: string
  sql: string
  params: Parameters
  format: Format
  /** More rows are left out. */
  maxRows: number
  /** Rows that would make the answer longer are left out. */
  maxBytes: number
  /** Longest text or blob, in bytes: a result or anything on the way to it. */
  maxCellBytes: number
}

/** The first line of what the process writes; behind it stands the answer's text. */
export type ResponseHead =
  | { version: string; truncated: boolean }
  /** `statement`: whoever wrote it can do something about it. */
  | { fault: 'statement' | 'database'; message: string }

export interface Response {
  head: ResponseHead
  text: string
}
