import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { createMcpServer } from './server.ts'
import type { ToolContext } from './tool.ts'

/**
 * Answers one message by itself. `request` has what the transport is to judge: method, media types and the protocol's
 * version.
 */
export async function answerMessage(
  context: ToolContext,
  version: string,
  request: Request,
  message: unknown,
): Promise<Response> {
  const server = createMcpServer(context, version)
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
  await server.connect(transport)
  try {
    return await transport.handleRequest(request, { parsedBody: message })
  } finally {
    await server.close()
  }
}
