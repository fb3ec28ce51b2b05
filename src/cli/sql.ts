import { text } from 'node:stream/consumers'
import { Command, Option } from 'commander'
import { AppError, UsageError } from '../errors.ts'
import type { DocumentedColumn, DocumentedTable } from '../sql/documented.ts'
import { CHILD_COMMAND, type Format } from '../sql/protocol.ts'
import { addSettings, configOf } from './settings.ts'

/** What a person's own statement may use of their own machine. */
const LIMITS = {
  /** Of its whole process. */
  maxMemoryBytes: 1024 * 1024 * 1024,
  maxCellBytes: 256 * 1024 * 1024,
  /** All rows together. */
  maxBytes: 256 * 1024 * 1024,
  maxRows: Number.MAX_SAFE_INTEGER,
}
/** Node's timers hold no more than 31 bits of ms. */
const MAX_TIMEOUT_S = 2_147_483

interface SqlOptions {
  tables?: true
  json?: true
  csv?: true
  timeout?: number
}

export function sqlCommand(): Command {
  return addSettings(new Command('sql'), ['db'])
    .description('run one read-only query over the documented tables and views')
    .argument('[query]', 'what to run; without it, or for -, it is read from stdin')
    .addOption(new Option('--tables', 'list the tables and views, their columns and what they mean'))
    .addOption(new Option('--json', 'as a JSON array of objects').conflicts('csv'))
    .addOption(new Option('--csv', 'as CSV'))
    .addOption(
      new Option('--timeout <seconds>', 'stop it after this time (default: never)').argParser(readTimeout),
    )
    .action(async (query: string | undefined, options: SqlOptions, command: Command) => {
      const { db } = configOf(command).config
      await refuseOtherFiles(db)
      if (options.tables) await printTables(db, query, options)
      else await printRows(db, await readQuery(query), options)
    })
}

/** What `modeldex sql` and the server start for each statement. */
export function statementChildCommand(): Command {
  return new Command(CHILD_COMMAND)
    .argument('<bytes>')
    .argument('<pid>')
    .action(async (bytes: string, pid: string) => {
      const { runStatementChild } = await import('../sql/child.ts')
      await runStatementChild(Number(bytes), Number(pid))
    })
}

/** Says what is wrong with a file in the words of all other commands. */
async function refuseOtherFiles(db: string): Promise<void> {
  const { openCatalog } = await import('../catalog/catalog.ts')
  const catalog = openCatalog(db)
  try {
    catalog.summary()
  } finally {
    catalog.close()
  }
}

async function readQuery(query: string | undefined): Promise<string> {
  if (query !== undefined && query !== '-') return query
  if (query === undefined && process.stdin.isTTY) {
    throw new UsageError('no query: give one, or pipe it to stdin; --tables lists what there is to ask')
  }
  return text(process.stdin)
}

async function printRows(db: string, sql: string, { json, csv, timeout }: SqlOptions): Promise<void> {
  const { requireAuthorizer, startStatementProcess } = await import('../sql/process.ts')
  requireAuthorizer()
  const { maxMemoryBytes, ...caps } = LIMITS
  const format: Format = json ? 'json' : csv ? 'csv' : 'table'
  const child = startStatementProcess(maxMemoryBytes)
  const answer = await child.run(
    { db, sql, params: [], format, ...caps },
    timeout === undefined ? undefined : timeout * 1000,
  )
  process.stdout.write(answer.text)
  if (answer.truncated) {
    throw new AppError('invalid', `rows are missing: the result is longer than ${LIMITS.maxBytes} bytes`)
  }
}

async function printTables(db: string, query: string | undefined, { json, csv }: SqlOptions): Promise<void> {
  if (query !== undefined || csv) throw new UsageError('--tables takes no query and no --csv')
  const { openForReading, withDatabase } = await import('../db/open.ts')
  const { readDocumentation } = await import('../sql/documented.ts')
  const tables = withDatabase(openForReading(db), readDocumentation)
  if (json) process.stdout.write(`${JSON.stringify(tables, null, 2)}\n`)
  else process.stdout.write(tables.map(asText).join('\n'))
}

function asText({ name, type, meaning, columns }: DocumentedTable): string {
  const width = (of: (column: DocumentedColumn) => string) =>
    Math.max(...columns.map((column) => of(column).length))
  const names = width((column) => column.name)
  const types = width((column) => column.type)
  const lines = columns.map((column) =>
    ['', column.name.padEnd(names), ...(types > 0 ? [column.type.padEnd(types)] : []), column.meaning].join(
      '  ',
    ),
  )
  return `${name} (${type}): ${meaning}\n${lines.join('\n')}\n`
}

function readTimeout(seconds: string): number {
  const value = Number(seconds)
  if (/^[0-9]+(\.[0-9]+)?$/.test(seconds) && value > 0 && value <= MAX_TIMEOUT_S) return value
  throw new UsageError(
    `--timeout: must be a number of seconds up to ${MAX_TIMEOUT_S}, not ${JSON.stringify(seconds)}`,
  )
}
