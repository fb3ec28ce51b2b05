import { text } from 'node:stream/consumers'
import { Worker } from 'node:worker_threads'
import type { StatementRequest } from './protocol.ts'
import { answerStatement } from './statement.ts'

/** How often the watch looks, in ms. */
const WATCH_INTERVAL_MS = 20

/**
 * Nothing stops a statement but the end of its process. While SQLite holds the main thread, this one ends the process
 * when it takes too much memory, or when nobody is left to want the answer.
 */
const WATCH = `
  const { parent, maxMemoryBytes } = require('node:worker_threads').workerData
  const never = new Int32Array(new SharedArrayBuffer(4))
  while (process.ppid === parent && process.memoryUsage.rss() <= maxMemoryBytes) {
    Atomics.wait(never, 0, 0, ${WATCH_INTERVAL_MS})
  }
  process.kill(process.pid, 'SIGKILL')
`

/**
 * Waits for one request on stdin, answers it on stdout, and is of no further use.
 * @param parent the process that started it, which may have ended since
 */
export async function runStatementChild(maxMemoryBytes: number, parent: number): Promise<void> {
  // Ctrl-C in a terminal reaches this process too, but whoever started it decides.
  process.on('SIGINT', () => {})
  new Worker(WATCH, { eval: true, env: {}, workerData: { parent, maxMemoryBytes } }).unref()
  const line = await text(process.stdin)
  if (line === '') return
  const request: StatementRequest = JSON.parse(line)
  const { head, text: answer } = answerStatement(request)
  process.stdout.write(`${JSON.stringify(head)}\n${answer}`)
}
