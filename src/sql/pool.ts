import { AppError } from '../errors.ts'
import {
  requireAuthorizer,
  type StatementAnswer,
  type StatementProcess,
  startStatementProcess,
} from './process.ts'
import type { Parameters, StatementRequest } from './protocol.ts'

/** What one statement over HTTP may use. */
const STATEMENT_LIMITS = {
  timeoutMs: 5_000,
  /** Of its whole process; Node and the program take 80 MiB of it. */
  maxMemoryBytes: 256 * 1024 * 1024,
  /** A text or blob, in the answer or on the way to it. */
  maxCellBytes: 1024 * 1024,
  /** All rows together. */
  maxBytes: 8 * 1024 * 1024,
}

/** How many statements run at once: each may keep one core busy. */
const MAX_RUNNING = 2
/** How many more may wait for their turn, and for how long, in ms. */
const MAX_WAITING = 8
const MAX_WAIT_MS = 2_000

interface PooledStatement {
  sql: string
  params: Parameters
  /** More rows are left out. */
  limit: number
}

export interface StatementPool {
  /**
   * Runs one statement and answers with JSON: `columns`, `rows`, `truncated`.
   * @param signal stops it
   * @throws AppError `invalid` for what the statement's author can mend, `rate_limited` when too many run, `database`
   */
  run(statement: PooledStatement, signal: AbortSignal): Promise<StatementAnswer>
  /** Stops whatever runs. */
  close(): void
}

/**
 * Runs statements over one catalog, each in a process of its own, so that none leaves anything to the next. One process
 * stands ready, for starting one takes longer than most statements.
 * @throws AppError `internal` on a Node that cannot confine a statement
 */
export function openStatementPool(db: string): StatementPool {
  requireAuthorizer()
  const { timeoutMs, maxMemoryBytes, ...caps } = STATEMENT_LIMITS
  const start = () => startStatementProcess(maxMemoryBytes)
  const running = new Set<StatementProcess>()
  let spare: StatementProcess | undefined = start()
  const turns = turnstile()
  /** Without one the next statement starts its own, or fails with what is in the way then. */
  const startSpare = () => {
    try {
      return start()
    } catch {
      return undefined
    }
  }

  return {
    async run({ sql, params, limit }, signal) {
      await turns.enter(signal)
      let child: StatementProcess | undefined
      try {
        child = spare ?? start()
        spare = undefined
        running.add(child)
        const request: StatementRequest = { db, sql, params, format: 'api', maxRows: limit, ...caps }
        const answer = child.run(request, timeoutMs, signal)
        spare = startSpare()
        return await answer
      } catch (cause) {
        throw publicError(cause)
      } finally {
        if (child !== undefined) running.delete(child)
        turns.leave()
      }
    },
    close() {
      for (const child of [spare, ...running]) child?.kill()
    },
  }
}

/** Lets so many in at once; a few more wait a while, in the order in which they came. */
function turnstile() {
  let free = MAX_RUNNING
  const waiting = new Set<() => void>()
  return {
    /** @throws AppError `rate_limited` when it will not be this one's turn soon */
    async enter(signal: AbortSignal): Promise<void> {
      if (free > 0) {
        free--
        return
      }
      if (waiting.size === MAX_WAITING) throw tooMany()
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const giveUp = () => {
        waiting.delete(resolve)
        reject(tooMany())
      }
      const timer = setTimeout(giveUp, MAX_WAIT_MS)
      signal.addEventListener('abort', giveUp)
      waiting.add(resolve)
      try {
        await promise
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', giveUp)
      }
    },
    /** Hands the place over, or frees it. */
    leave(): void {
      const [next] = waiting
      if (next === undefined) {
        free++
      } else {
        waiting.delete(next)
        next()
      }
    },
  }
}

function tooMany(): AppError {
  return new AppError('rate_limited', 'Too many queries run already: try again in a moment')
}

/** Clients learn that the database failed; why is for the log. */
function publicError(cause: unknown): unknown {
  const isDatabase = cause instanceof AppError && cause.code === 'database'
  return isDatabase ? new AppError('database', 'The catalog database cannot be read', { cause }) : cause
}
