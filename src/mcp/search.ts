import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { parseListQuery } from '../catalog/params.ts'
import { pairsOf } from './arguments.ts'
import { listedModelSchema, modelLine } from './entry.ts'
import { answering, LOOKS_UP, type ToolContext } from './tool.ts'

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 50

const inputSchema = z.strictObject({
  query: z.string().optional().describe('Words of its id or name, such as "kimi k3"; spelling may be loose.'),
  provider: z.string().optional().describe('Only of this provider, such as openai.'),
  capabilities: z
    .array(z.string())
    .optional()
    .describe('All of these: attachment, reasoning, tool_call, structured_output, temperature, interleaved.'),
  open_weights: z.boolean().optional(),
  min_context: z.int().min(1).optional().describe('Tokens.'),
  max_price: z.number().optional().describe('Of the higher of input and output price, USD per 1M tokens.'),
  limit: z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
})

const outputSchema = z.object({
  models: z.array(listedModelSchema),
  total: z.int().describe('All that match.'),
  did_you_mean: z.array(z.string()).describe('Queries that match something, where this one does not.'),
})

export function addSearchTool(server: McpServer, context: ToolContext): void {
  const { catalog, now } = context
  server.registerTool(
    'search_models',
    {
      title: 'Search models',
      description:
        'Find models by text, provider, capabilities, price, context window. All filters must hold; a model whose value is unknown does not match a filter on it. The likeliest come first.',
      inputSchema,
      outputSchema,
      annotations: LOOKS_UP,
    },
    answering(context, (args: z.infer<typeof inputSchema>) => {
      const { body, didYouMean = [] } = catalog.list(parseListQuery(pairsOf(args), now()))
      const data = outputSchema.parse({ ...JSON.parse(body), did_you_mean: didYouMean })
      return { data, text: textOf(data) }
    }),
  )
}

function textOf({ models, total, did_you_mean }: z.infer<typeof outputSchema>): string {
  if (total === 0) {
    return did_you_mean.length > 0
      ? `No model matches. These queries do: ${did_you_mean.join('; ')}`
      : 'No model matches. Leave out a word or a filter.'
  }
  return [`${models.length} of ${total} models, USD per 1M tokens:`, ...models.map(modelLine)].join('\n')
}
