import { fstatSync } from 'node:fs'
import type { WriteStream } from 'node:tty'
import { isColourForced } from '../config.ts'

export type Style = Parameters<typeof import('node:util').styleText>[0]

const STDOUT = 1

/** The terminal that stdout is. Only where it can be one, `process.stdout` is asked: that loads streams and sockets. */
function terminal(): WriteStream | undefined {
  return fstatSync(STDOUT).isCharacterDevice() && process.stdout.isTTY ? process.stdout : undefined
}

/** Columns of the terminal; a file or a pipe takes lines of any length. */
export function terminalWidth(): number {
  return terminal()?.columns ?? Number.POSITIVE_INFINITY
}

/** A text in colour, where stdout is a terminal that has any, or whoever reads it wants some. */
export function styled(style: Style | undefined, text: string): string {
  if (style === undefined || (!isColourForced() && terminal() === undefined)) return text
  const { styleText } = process.getBuiltinModule('node:util')
  return styleText(style, text, { stream: process.stdout })
}
