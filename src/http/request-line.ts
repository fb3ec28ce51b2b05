import { type Logger, symbols } from 'pino'

/** What is told of a request once it is over. */
export interface RequestLine {
  id: string
  method: string
  /** In ASCII, without the query. */
  path: string
  /** undefined: no answer had begun. */
  status: number | undefined
  ms: number
  /** Of the body, as it was sent. */
  bytes: number
  /** The client was gone before the end. */
  aborted: boolean
}

/**
 * Makes the function that logs requests, at the level info. Its lines are pino's but for how they are put together: these members
 * are known, and pino would find out anew for each request, which takes 1 µs of some 17 (docs/performance.md).
 */
export function requestLog(log: Logger): (line: RequestLine) => void {
  // Only what is logged here is written so.
  const own = log.child({})
  const bindings: unknown = Reflect.get(own, symbols.chindingsSym)
  const asJson = (
    { id, method, path, status, ms, bytes, aborted }: RequestLine,
    message: string,
    level: number,
    time: string,
  ) => {
    const answered = status === undefined ? '' : `,"status":${status}`
    const end = aborted ? ',"aborted":true' : ''
    return (
      `{"level":${level}${time}${bindings},"id":"${id}","method":"${method}","path":${JSON.stringify(path)}` +
      `${answered},"ms":${ms},"bytes":${bytes}${end},"msg":"${message}"}\n`
    )
  }
  Object.assign(own, { [symbols.asJsonSym]: asJson })
  return (line) => own.info(line, 'request')
}
