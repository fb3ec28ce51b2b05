import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { Command } from 'commander'
import { z } from 'zod'
import { AppError, ERRORS, type ErrorCode } from '../errors.ts'
import type { RefreshReport } from '../ingest/refresh.ts'
import { ownCommand } from '../program/command.ts'

/**
 * One refresh in a process of its own: the serving thread goes on answering, and its memory is given back. The task
 * comes on stdin, where no list of processes shows a URL's credentials; the result goes to stdout.
 */
const NAME = 'refresh-process'

const taskSchema = z.object({
  db: z.string(),
  from: z.string(),
  overlay: z.string().optional(),
  /** When the refresh began: RFC 3339, UTC. */
  at: z.string(),
  allowShrink: z.boolean(),
  allowInvalid: z.boolean(),
  /** Whether `from` is another modeldex, whose snapshots are taken, and a token of it. */
  follow: z.object({ token: z.string().optional() }).optional(),
  limits: z.object({ timeoutMs: z.number(), stallMs: z.number(), maxBytes: z.number() }),
})
export type RefreshTask = z.infer<typeof taskSchema>

const faultSchema = z.object({
  code: z.custom<ErrorCode>((code) => typeof code === 'string' && code in ERRORS),
  /** For clients, and for the log where that has more to tell. */
  detail: z.string(),
  reason: z.string().optional(),
})
const resultSchema = z.union([
  z.object({ report: z.custom<RefreshReport>() }),
  z.object({ fault: faultSchema }),
])

/** The hidden command. */
export function refreshProcessCommand(): Command {
  return new Command(NAME).action(async () => {
    const { at, ...task } = taskSchema.parse(JSON.parse(await text(process.stdin)))
    process.stdout.write(JSON.stringify(await resultOf({ ...task, now: () => new Date(at) })))
  })
}

type Task = Omit<RefreshTask, 'at'> & { now: () => Date }

async function resultOf(task: Task) {
  // Loaded here, so that no other command waits for it.
  const { publicFault } = await import('../ingest/attempt.ts')
  try {
    return { report: await run(task) }
  } catch (error) {
    const { code, message: detail } = publicFault(error)
    const reason = error instanceof AppError ? error.message : inspect(error)
    return { fault: { code, detail, ...(reason !== detail && { reason }) } }
  }
}

/** Loads only what it needs: most processes that follow find nothing to do. */
async function run({ follow, ...task }: Task): Promise<RefreshReport> {
  if (follow === undefined) {
    const { refresh } = await import('../ingest/refresh.ts')
    return refresh(task)
  }
  const { pull } = await import('../snapshot/pull.ts')
  return pull({ ...task, token: follow.token })
}

export interface RefreshProcess {
  /** @throws AppError whatever made the refresh fail, or `internal` when its process did not get that far */
  report: Promise<RefreshReport>
  /** Ends it where it stands: what was not committed was not written. */
  end(): void
}

export function startRefreshProcess(task: RefreshTask): RefreshProcess {
  const child = spawn(...ownCommand([NAME]), { stdio: 'pipe' })
  const { promise: ended, resolve, reject } = Promise.withResolvers<string>()
  const cannot = (cause: Error) => new AppError('internal', 'No refresh process can be started', { cause })
  child.once('error', (cause) => reject(cannot(cause)))
  child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`))
  // Where the system starts none, it has no pipes either: the error is all that comes.
  if (child.pid === undefined)
    return { report: ended.then((ending) => readResult(['', '', ending])), end: () => {} }
  // It may be gone before it has read its task; how it ended is told below.
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify(task))
  const said = Promise.all([text(child.stdout), text(child.stderr), ended])
  return { report: said.then(readResult), end: () => void child.kill() }
}

function readResult([stdout, stderr, ending]: [string, string, string]): RefreshReport {
  if (ending !== 'exit code 0') {
    const message = `The refresh process ended before it was done (${ending})`
    throw new AppError('internal', message, { cause: stderr.trim() })
  }
  const result = resultSchema.parse(JSON.parse(stdout))
  if ('report' in result) return result.report
  const { code, detail, reason } = result.fault
  throw new AppError(code, detail, { cause: reason })
}
