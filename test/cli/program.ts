import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

export const BIN = join(import.meta.dirname, '../../src/bin.js')

export interface ProgramOptions {
  cwd?: string
  env?: Record<string, string>
  /** Arguments of Node itself. */
  node?: string[]
  /** A command that runs the program as its last arguments. */
  wrapper?: string[]
}

/** Starts the program as a user does, in an environment that only has what a test gives it. */
export function startProgram(args: string[], options: ProgramOptions = {}): ChildProcessWithoutNullStreams {
  const line = [...(options.wrapper ?? []), process.execPath, ...(options.node ?? []), BIN, ...args]
  const [command = '', ...rest] = line
  return spawn(command, rest, {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, ...options.env },
  })
}

export async function runProgram(args: string[], options?: ProgramOptions) {
  const child = startProgram(args, options)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}
