import { fileURLToPath } from 'node:url'
import { isBinary } from './files.ts'

/**
 * The command line by which the program starts itself again. The binary is its own script; the launcher stands two
 * folders up from here in a checkout, and from the bundle in the package.
 */
export function ownCommand(args: readonly string[]): [command: string, args: string[]] {
  if (isBinary) return [process.execPath, [...args]]
  return [process.execPath, [fileURLToPath(new URL('../../src/bin.js', import.meta.url)), ...args]]
}
