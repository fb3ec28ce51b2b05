import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { parseBrowseQuery } from '../catalog/browse-params.ts'
import { SORTS } from '../catalog/orders.ts'
import { pairsOf } from './arguments.ts'
import { listedModelSchema, modelLine } from './entry.ts'
import { inLine } from './text.ts'
import { answering, LOOKS_UP, type ToolContext } from './tool.ts'

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 50

const CAPABILITIES = 'attachment, reasoning, tool_call, structured_output, temperature, interleaved'
const MODALITIES = 'text, image, audio, video, pdf'

const inputSchema = z.strictObject({
  query: z.string().optional().describe('Words of its id or name, such as "kimi k3"; spelling may be loose.'),
  provider: z.string().optional().describe('Such as openai.'),
  family: z.string().optional().describe('Such as claude-sonnet.'),
  capabilities: z.array(z.string()).optional().describe(`All of these: ${CAPABILITIES}.`),
  input_modality: z.array(z.string()).optional().describe(`All of these go in: ${MODALITIES}.`),
  output_modality: z.array(z.string()).optional().describe('All of these come out.'),
  open_weights: z.boolean().optional(),
  status: z.string().optional().describe('alpha, beta, deprecated, or none for those in service.'),
  min_context: z.int().min(1).optional().describe('Tokens.'),
  max_price: z.number().optional().describe('Of the higher of input and output price, USD per 1M tokens.'),
  released_after: z.string().optional().describe('Such as 2026 or 2026-03-31, included.'),
  sort: z.enum(SORTS).optional().describe('-: descending; unknown values last.'),
  limit: z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  offset: z.int().min(0).default(0).describe('How many to skip.'),
})

const outputSchema = z.object({
  models: z.array(listedModelSchema),
  total: z.int().describe('All that match.'),
  next_offset: z.int().nullable().describe('null: no more.'),
  did_you_mean: z.array(z.string()).describe('Queries that match something, where this one does not.'),
})

type Answer = z.infer<typeof outputSchema>

export function addSearchTool(server: McpServer, context: ToolContext): void {
  const { catalog } = context
  server.registerTool(
    'search_models',
    {
      title: 'Search models',
      description:
        'Find models by text, provider, capabilities, price, context window and more. All filters must hold; a model whose value is unknown does not match a filter on it. The likeliest come first unless sort says otherwise.',
      inputSchema,
      outputSchema,
      annotations: LOOKS_UP,
    },
    answering(context, (args: z.infer<typeof inputSchema>) => {
      const { body, total, didYouMean = [] } = catalog.browse(parseBrowseQuery(pairsOf(args)))
      const end = args.offset + args.limit
      const data = outputSchema.parse({
        ...JSON.parse(String(body)),
        next_offset: end < total ? end : null,
        did_you_mean: didYouMean,
      })
      return { data, text: textOf(data, args.offset) }
    }),
  )
}

function textOf({ models, total, next_offset, did_you_mean }: Answer, offset: number): string {
  if (total === 0) {
    return did_you_mean.length > 0
      ? `No model matches. These queries do: ${did_you_mean.map(inLine).join('; ')}`
      : 'No model matches. Leave out a word or a filter.'
  }
  if (models.length === 0) return `No more: ${total} models match.`
  const head = `${offset + 1} to ${offset + models.length} of ${total} models, USD per 1M tokens:`
  const more = next_offset === null ? [] : [`More from offset ${next_offset}`]
  return [head, ...models.map(modelLine), ...more].join('\n')
}
