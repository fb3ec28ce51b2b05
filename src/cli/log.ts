import { type Logger, pino } from 'pino'
import type { Config } from '../config.ts'

const STDERR = 2
/**
 * How much text waits to be written at once, in characters: what is written to a pipe whole, whoever else writes to it.
 * And how long, in ms.
 */
const MAX_WAITING = 4096
const MAX_WAIT_MS = 200

export interface OpenLog {
  log: Logger
  /** Writes what is left. */
  close(): void
}

/**
 * The service's log. Lines wait for each other, since each write takes longer than a request; an error, the end of the
 * process and a crash write all that wait. Only a process that is killed outright takes them along.
 */
export function openLog(level: Config['logLevel'], descriptor: number = STDERR): OpenLog {
  const output = pino.destination({ dest: descriptor, sync: true })
  let waiting = ''
  let timer: NodeJS.Timeout | undefined

  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const text = waiting
    waiting = ''
    if (text !== '') output.write(text)
  }
  const lines = {
    write(line: string) {
      if (waiting.length + line.length > MAX_WAITING) flush()
      waiting += line
      if (ERROR_LINE.test(line)) flush()
      else timer ??= setTimeout(flush, MAX_WAIT_MS).unref()
    },
  }
  process.on('exit', flush)
  return {
    log: pino({ level }, lines),
    close() {
      process.off('exit', flush)
      flush()
    },
  }
}

/** The beginning of a line of level error or fatal. */
const ERROR_LINE = /^\{"level":[56]0/
