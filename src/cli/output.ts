import { grouped } from './counts.ts'

/** JSON on lines of its own. What a terminal would obey stands escaped in it. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(value, null, 2).replace(/[\x7f-\x9f]/g, (character) => {
    return `\\u00${character.charCodeAt(0).toString(16)}`
  })
  print(`${text}\n`)
}

/** Says that there is more than was asked for. */
export function noteMore(shown: number, total: number, what: string): void {
  if (shown < total)
    process.stderr.write(`${grouped(shown)} of ${grouped(total)} ${what}; --limit shows more\n`)
}

/** Writes a result. Whoever reads it may stop before its end, as `head` does. */
export function print(text: string): void {
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', endWhereNobodyReads)
  process.stdout.write(text)
}

function endWhereNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit()
}
