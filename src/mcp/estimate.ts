import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { estimateModel } from '../catalog/estimate.ts'
import { type Estimate, estimateSchema } from '../catalog/estimate-answer.ts'
import { parseEstimateQuery } from '../catalog/estimate-params.ts'
import { pairsOf } from './arguments.ts'
import { inLine } from './text.ts'
import { answering, LOOKS_UP, type ToolContext } from './tool.ts'

const tokens = z.int().min(0).optional()

const inputSchema = z.strictObject({
  id: z.string().describe('provider/model_id.'),
  input_tokens: tokens.describe('Of the prompt, but for those counted below.'),
  output_tokens: tokens.describe('Of the answer, but for those counted below.'),
  cache_read_tokens: tokens,
  cache_write_tokens: tokens,
  reasoning_tokens: tokens,
  input_audio_tokens: tokens,
  output_audio_tokens: tokens,
  requests: z.int().min(1).optional().describe('How many such requests; 1 unless given.'),
})

/** Without its name: a named schema becomes a reference, and the protocol wants an object. */
const outputSchema = z.object(estimateSchema.shape)

export function addEstimateTool(server: McpServer, context: ToolContext): void {
  const { catalog } = context
  server.registerTool(
    'estimate_cost',
    {
      title: 'Estimate a cost',
      description:
        'What requests to a model cost in USD, exactly, by its price tiers. Refused where a price is unknown.',
      inputSchema,
      outputSchema,
      annotations: LOOKS_UP,
    },
    answering(context, (args: z.infer<typeof inputSchema>) => {
      const asked = parseEstimateQuery(pairsOf(args))
      const data = catalog.read((db) => estimateModel(db, asked))
      return { data, text: textOf(data) }
    }),
  )
}

function textOf({ id, lines, tier, usd_per_request, requests, usd_total, ...said }: Estimate): string {
  const times = requests === 1 ? '' : ` for ${requests} requests of ${usd_per_request} USD`
  const size = tier === null ? '' : ` by the prices above ${tier.size} tokens`
  return [
    `${inLine(id)}: ${usd_total} USD${times}${size}`,
    ...lines.map(
      ({ kind, tokens, usd_per_mtok, usd }) => `${kind}: ${tokens} × ${usd_per_mtok} / 1M = ${usd}`,
    ),
    ...said.assumptions.map(inLine),
    ...said.warnings.map(inLine),
  ].join('\n')
}
