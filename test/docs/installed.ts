import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Whether a test that needs this tool can run: without it only CI fails. */
export async function isUsable(tool: string): Promise<boolean> {
  if (process.env.CI) return true
  return run('sh', ['-c', `command -v ${tool}`]).then(
    () => true,
    () => false,
  )
}
