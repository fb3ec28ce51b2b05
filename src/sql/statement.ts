import type { StatementSync } from 'node:sqlite'
import { type ConfinedCatalog, openConfined } from './confined.ts'
import type { Parameter, Response, ResponseHead, StatementRequest } from './protocol.ts'
import { type Cell, RENDERERS } from './render.ts'

/** SQLite's primary result codes that are no fault of the statement's. */
const DATABASE_FAULTS = [
  5, // SQLITE_BUSY
  10, // SQLITE_IOERR
  11, // SQLITE_CORRUPT
  14, // SQLITE_CANTOPEN
  26, // SQLITE_NOTADB
]
const PRIMARY_CODE = 0xff

/** Runs one statement over the documented tables, in a transaction of its own. */
export function answerStatement(request: StatementRequest): Response {
  let catalog: ConfinedCatalog
  try {
    catalog = openConfined(request.db, request.maxCellBytes)
  } catch (error) {
    return failed({ fault: 'database', message: messageOf(error) })
  }
  try {
    const { truncated, text } = readRows(catalog, request)
    return { head: { version: catalog.version, truncated }, text }
  } catch (error) {
    const isDatabase = DATABASE_FAULTS.includes(codeOf(error) & PRIMARY_CODE)
    return failed({ fault: isDatabase ? 'database' : 'statement', message: messageOf(error) })
  }
}

function failed(head: ResponseHead): Response {
  return { head, text: '' }
}

function readRows(catalog: ConfinedCatalog, request: StatementRequest): { truncated: boolean; text: string } {
  const statement = catalog.prepare(request.sql)
  statement.setReadBigInts(true)
  statement.setReturnArrays(true)
  const columns = statement.columns().map(({ name }) => name)
  const renderer = RENDERERS[request.format](columns)
  const rows: string[] = []
  let bytes = 0
  let truncated = false
  for (const cells of iterate(statement, request.params)) {
    const text = renderer.row(cells)
    bytes += Buffer.byteLength(text)
    truncated = rows.length === request.maxRows || bytes > request.maxBytes
    if (truncated) break
    rows.push(text)
  }
  return { truncated, text: renderer.whole(rows, truncated) }
}

function iterate(statement: StatementSync, params: StatementRequest['params']): Iterable<Cell[]> {
  const rows: Iterable<unknown> = Array.isArray(params)
    ? statement.iterate(...params.map(bound))
    : statement.iterate(
        Object.fromEntries(Object.entries(params).map(([name, value]) => [name, bound(value)])),
      )
  return rows as Iterable<Cell[]>
}

/** A whole number is bound as an integer, which the driver would make a float. */
function bound(value: Parameter): string | number | bigint | null {
  if (typeof value === 'boolean') return value ? 1n : 0n
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** SQLite's result code; 0 where something else failed. */
function codeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0
}
