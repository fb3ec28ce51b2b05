import { runProgram } from './program.ts'

/** Runs the program in a terminal of so many columns; what it writes there, stdout and stderr together. */
export async function runInTerminal(
  args: string[],
  { columns, env }: { columns: number; env?: Record<string, string> },
): Promise<string> {
  const line = `stty cols ${columns} rows 24; $(printf "%q " "$@")`
  const wrapper = [
    'bash',
    '--norc',
    '-c',
    `script -qec "${line.replaceAll('"%q "', "'%q '")}" /dev/null`,
    'bash',
  ]
  const { stdout } = await runProgram(args, { wrapper, env: { TERM: 'xterm-256color', ...env } })
  return stdout.replaceAll('\r\n', '\n')
}
