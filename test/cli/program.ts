import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

export const BIN = join(import.meta.dirname, '../../src/bin.js')
/** Set where the tests are to hold for the single binary. */
export const BINARY = process.env.TEST_BINARY

const START_TIMEOUT_MS = 20_000

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
  const line = [...(options.wrapper ?? []), ...commandLine(options.node), ...args]
  const [command = '', ...rest] = line
  return spawn(command, rest, {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, ...options.env },
  })
}

/** @param node arguments of Node itself, which the binary does not take */
export function commandLine(node: string[] = []): string[] {
  return BINARY === undefined ? [process.execPath, ...node, BIN] : [BINARY]
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

/** What `serve` says when it is ready: where it listens, and the token that it has made, if any. */
export async function greeting(service: ChildProcess): Promise<{ url: string; token: string | undefined }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ url: string; token: string | undefined }>()
  let text = ''
  let log = ''
  service.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk
  })
  service.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    const url = /listens on (\S+)/.exec(text)?.[1]
    const token = /Token \(shown this once\): (\S+)/.exec(text)?.[1]
    if (url !== undefined && /^ {2}curl .*\n/m.test(text)) resolve({ url, token })
  })
  service.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${text}${log}`)))
  const timeout = setTimeout(() => reject(new Error(`serve said only: ${text}${log}`)), START_TIMEOUT_MS)
  return promise.finally(() => clearTimeout(timeout))
}
