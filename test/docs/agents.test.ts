import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { call, connected, serviceTransport } from '../mcp/clients.ts'
import { seededService, type TestService } from '../service.ts'
import { codeIn, codeOf, ROOT, readPage, rowsUnder } from './markdown.ts'

const page = readPage('docs/agents.md')
const USUAL_URL = 'http://127.0.0.1:8787'
const USUAL_DB = '/srv/modeldex/catalog.db'
/** How each client writes a variable, or what it asks its user for. */
const TOKEN = /\$\{MODELDEX_TOKEN\}|\{env:MODELDEX_TOKEN\}|\$\{input:modeldex-token\}/

const serverSchema = z.union([
  z.object({ command: z.string(), args: z.array(z.string()), env: z.record(z.string(), z.string()) }),
  z
    .object({
      type: z.literal('local'),
      command: z.tuple([z.string()], z.string()),
      environment: z.record(z.string(), z.string()),
    })
    .transform(({ command: [command, ...args], environment: env }) => ({ command, args, env })),
  z.object({ type: z.enum(['http', 'remote']), url: z.url(), headers: z.record(z.string(), z.string()) }),
])
const listSchema = z.object({ modeldex: serverSchema })
const configSchema = z
  .union([
    z.object({ mcpServers: listSchema }).transform(({ mcpServers }) => mcpServers),
    z.object({ mcp: listSchema }).transform(({ mcp }) => mcp),
    z.object({ servers: listSchema }).transform(({ servers }) => servers),
  ])
  .transform(({ modeldex }) => modeldex)

let service: TestService
beforeAll(async () => {
  service = await seededService()
})
afterAll(() => service.close())

const configurations = page.blocks.filter(({ language }) => language === 'json')

it.each(configurations)('the configuration of line $line works', async ({ text }) => {
  const here = text
    .replace(USUAL_URL, service.baseUrl)
    .replace(USUAL_DB, service.db)
    .replace(TOKEN, service.token)
  const client = await connected(transportOf(configSchema.parse(JSON.parse(here))))
  const { data } = await call(client, 'get_model', { id: 'openai/gpt-4o' })
  expect(data).toMatchObject({ id: 'openai/gpt-4o' })
})

function transportOf(server: z.infer<typeof configSchema>): Transport {
  if ('url' in server) {
    return new StreamableHTTPClientTransport(new URL(server.url), {
      requestInit: { headers: server.headers },
    })
  }
  return new StdioClientTransport({ ...server, cwd: ROOT })
}

it('has the tools with their arguments', async () => {
  const { tools } = await (await connected(serviceTransport(service))).listTools()
  const offered = tools.map(({ name, inputSchema }) => [name, Object.keys(inputSchema.properties ?? {})])
  const told = rowsUnder(page, 'Agents').map(([name, args]) => [codeOf(name), codeIn(args)])
  expect(told).toEqual(offered)
})
