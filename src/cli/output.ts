import { writeSync } from 'node:fs'
import { isSystemError } from '../errors.ts'
import { grouped } from './counts.ts'
import { shownText } from './shown-text.ts'

const STDOUT = 1
const STDERR = 2

/** JSON on lines of its own. What a terminal would obey stands escaped in it. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(value, null, 2).replace(/[\x7f-\x9f]/g, (character) => {
    return `\\u00${character.charCodeAt(0).toString(16)}`
  })
  print(`${text}\n`)
}

/** Says that there is more than was asked for. */
export function noteMore(shown: number, total: number, what: string): void {
  if (shown < total) note(`${grouped(shown)} of ${grouped(total)} ${what}; --limit shows more`)
}

export function note(line: string): void {
  write(STDERR, `${shownText(line)}\n`)
}

/** Writes a result. */
export function print(text: string): void {
  write(STDOUT, text)
}

/** Streams that would not take more at once: what follows waits behind it. */
const waiting = new Set<number>()

/** Past `process.stdout`, for which streams and sockets are loaded first: a tenth of a bare start. */
function write(stream: typeof STDOUT | typeof STDERR, text: string): void {
  let rest: Uint8Array = Buffer.from(text)
  try {
    while (rest.length > 0 && !waiting.has(stream)) rest = rest.subarray(writeSync(stream, rest))
  } catch (error) {
    if (!isSystemError(error, 'EAGAIN')) throw error
    waiting.add(stream)
  }
  if (rest.length > 0) (stream === STDOUT ? process.stdout : process.stderr).write(rest)
}
