import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** UUIDs, ULIDs, trace ids and the like: nothing that a log, a shell or a page could take for more than text. */
const SANE = /^[\w.:/+=@-]{1,128}$/

/**
 * What a request is called in answers and in the log: as its client or proxy calls it, or a name of our own. A random
 * one, for all processes make their own, and a counter would tell clients how much others ask.
 */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id']
  // Sent twice, they are joined by a comma.
  return typeof given === 'string' && SANE.test(given) ? given : randomUUID()
}
