import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { createMcpServer } from './server.ts'
import type { ToolContext } from './tool.ts'

/**
 * Answers the messages on stdin until it ends, or nobody reads stdout any more. What was asked before is still answered.
 * @param reportFault told of lines that are no messages
 */
export async function serveStdio(
  context: ToolContext,
  version: string,
  reportFault: (error: Error) => void,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const server = createMcpServer(context, version)
  server.server.onerror = reportFault
  server.server.onclose = resolve
  process.stdin.once('end', resolve)
  process.stdout.on('error', () => void server.close())
  await server.connect(new StdioServerTransport())
  await promise
}
