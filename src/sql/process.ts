import { spawn } from 'node:child_process'
import { buffer } from 'node:stream/consumers'
import semver from 'semver'
import { AppError } from '../errors.ts'
import { ownCommand } from '../program/command.ts'
import { CHILD_COMMAND, type ResponseHead, type StatementRequest } from './protocol.ts'

/** The Nodes whose own SQLite has an authorizer and limits. */
const NODES_WITH_AUTHORIZER = '>=24.15.0 <25 || >=25.8.0'

const MIB = 1024 * 1024
const NEWLINE = 10

export interface StatementAnswer {
  /** The dataset version. */
  version: string
  /** Whether rows were left out. */
  truncated: boolean
  text: Buffer
}

/** A process that runs one statement and ends. */
export interface StatementProcess {
  /**
   * @param timeoutMs the statement is stopped after this time; undefined: never
   * @param signal stops the statement
   * @throws AppError `invalid` for what the statement's author can mend, `database` for the file
   */
  run(request: StatementRequest, timeoutMs?: number, signal?: AbortSignal): Promise<StatementAnswer>
  kill(): void
}

/** @throws AppError `internal` on a Node that cannot confine a statement */
export function requireAuthorizer(): void {
  if (semver.satisfies(process.versions.node, NODES_WITH_AUTHORIZER)) return
  throw new AppError('internal', `SQL needs Node 24.15 or newer, this is ${process.versions.node}`)
}

/**
 * Starts a process that gets nothing of this one: no environment, no open files but its own pipes.
 * @throws AppError `internal` when the system starts none
 */
export function startStatementProcess(maxMemoryBytes: number): StatementProcess {
  const own = ownCommand([CHILD_COMMAND, String(maxMemoryBytes), String(process.pid)])
  const child = spawn(...own, {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  })
  if (child.pid === undefined) {
    // Why comes as an event, when nobody can be told any more.
    child.on('error', () => {})
    throw new AppError(
      'internal',
      'The system starts no process for SQL: it lacks files, processes or memory',
    )
  }
  // It may be killed before it has read anything.
  child.stdin.on('error', () => {})
  const output = buffer(child.stdout)
  const ended = new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (_code, signal) => resolve(signal))
  })
  const finished = Promise.all([output, ended])
  // A spare one has nobody yet to tell that it could not start.
  finished.catch(() => {})
  const kill = () => {
    child.kill('SIGKILL')
  }

  return {
    kill,
    async run(request, timeoutMs, signal) {
      let isLate = false
      const stopLate = () => {
        isLate = true
        kill()
      }
      const timer = timeoutMs === undefined ? undefined : setTimeout(stopLate, timeoutMs)
      signal?.addEventListener('abort', kill)
      if (signal?.aborted) kill()
      try {
        child.stdin.end(JSON.stringify(request))
        const [bytes, endedBy] = await finished
        if (isLate) throw stopped(`took longer than ${Number(timeoutMs) / 1000} s`)
        if (signal?.aborted) throw stopped('was no longer wanted')
        // The watch in the process, or the system's own, ends it for its memory alone.
        if (endedBy !== null) throw stopped(`needed more than ${maxMemoryBytes / MIB} MiB of memory`)
        return readResponse(bytes)
      } finally {
        clearTimeout(timer)
        signal?.removeEventListener('abort', kill)
      }
    },
  }
}

function stopped(why: string): AppError {
  return new AppError('invalid', `The query ${why} and was stopped`)
}

function readResponse(bytes: Buffer): StatementAnswer {
  const end = bytes.indexOf(NEWLINE)
  if (end === -1) throw new Error('the process that runs SQL ended without an answer')
  const head: ResponseHead = JSON.parse(bytes.toString('utf8', 0, end))
  if ('fault' in head) throw new AppError(head.fault === 'database' ? 'database' : 'invalid', head.message)
  return { ...head, text: bytes.subarray(end + 1) }
}
