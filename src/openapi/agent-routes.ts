import { z } from 'zod'
import { MCP_PATH } from '../http/mcp.ts'
import { errorSchema } from './errors.ts'
import { JSON_TYPE, type Route } from './route.ts'

const messageSchema = z
  .looseObject({ jsonrpc: z.literal('2.0') })
  .meta({ id: 'McpMessage', description: 'JSON-RPC, as the Model Context Protocol has it.' })
const refusal = { [JSON_TYPE]: messageSchema }

export const AGENT_ROUTES: Route[] = [
  {
    method: 'post',
    path: MCP_PATH,
    id: 'callTool',
    tag: 'agents',
    summary: 'The catalog as tools for agents',
    description:
      'Model Context Protocol over Streamable HTTP: each message is answered by itself, without a session.',
    body: messageSchema,
    answers: {
      200: { description: 'The answer.', content: refusal, headers: ['Cache-Control'] },
      202: { description: 'A notification was taken; no body.', headers: ['Cache-Control'] },
      400: {
        description: 'No message.',
        content: { [JSON_TYPE]: z.union([messageSchema, errorSchema]) },
        headers: ['Cache-Control'],
      },
      406: { description: 'The client takes no JSON.', content: refusal, headers: ['Cache-Control'] },
    },
    errors: [403],
  },
]
