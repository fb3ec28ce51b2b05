import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { expect, onTestFinished } from 'vitest'
import { z } from 'zod'
import { commandLine } from '../cli/program.ts'
import { bearer } from '../http/wire.ts'
import type { TestService } from '../service.ts'

/** The program as a client starts it, on this catalog file. */
export function programTransport(db: string): StdioClientTransport {
  const [command = '', ...args] = [...commandLine(), 'mcp', '--db', db]
  return new StdioClientTransport({ command, args, stderr: 'pipe' })
}

export function serviceTransport({ baseUrl, token }: TestService): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(`${baseUrl}/mcp`), {
    requestInit: { headers: bearer(token) },
  })
}

/** The protocol's own client, connected for one test. */
export async function connected(transport: Transport): Promise<Client> {
  const client = new Client({ name: 'modeldex-test', version: '1.0.0' })
  await client.connect(transport)
  onTestFinished(() => client.close())
  return client
}

const resultSchema = z.object({
  content: z.tuple([z.object({ type: z.literal('text'), text: z.string() })]),
  isError: z.boolean().default(false),
  structuredContent: z.unknown().optional(),
})

/** Calls a tool; the client holds what comes against the tool's own schema. */
export async function call(client: Client, name: string, args: Record<string, unknown> = {}) {
  const result = resultSchema.parse(await client.callTool({ name, arguments: args }))
  return { text: result.content[0].text, isError: result.isError, data: result.structuredContent }
}

/** What a tool says is wrong. */
export async function faultOf(client: Client, name: string, args: Record<string, unknown>): Promise<string> {
  const { text, isError, data } = await call(client, name, args)
  expect(isError, text).toBe(true)
  expect(data).toBeUndefined()
  return text
}
