import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { readOffers } from '../catalog/offers.ts'
import { resolveId } from '../catalog/resolve.ts'
import { parseResolveQuery } from '../catalog/resolve-params.ts'
import { pairsOf } from './arguments.ts'
import { listedModelSchema, modelLine } from './entry.ts'
import { inLine } from './text.ts'
import { answering, LOOKS_UP, type ToolContext } from './tool.ts'

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 50

const limit = z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT)
const isCertain = z.boolean().describe('Whether it is written somewhere, or only the spelling tells it.')

const offersInput = z.strictObject({
  id: z.string().describe('lab/model, such as openai/gpt-oss-120b, or the id of any offer of it.'),
  limit,
  offset: z.int().min(0).default(0),
})
const offersSchema = z.object({
  model: z.string().describe('lab/model.'),
  offers: z.array(
    z.object({
      ...listedModelSchema.shape,
      price: z.string().nullable().describe('USD for 1M tokens in and 1M out.'),
      matched_by: z.string(),
      is_certain: isCertain,
    }),
  ),
  total: z.int(),
  next_offset: z.int().nullable().describe('null: no more.'),
})

const resolveInput = z.strictObject({
  id: z.string().describe('As any tool, reseller or price list spells it.'),
  provider: z.string().optional().describe('Only at this provider.'),
  limit,
})
const matchesSchema = z.object({
  matches: z.array(
    z.object({
      ...listedModelSchema.shape,
      matched_by: z.string(),
      is_certain: isCertain,
      read_as: z.string(),
    }),
  ),
  total: z.int(),
})

/** One model at several providers, and ids of any spelling. */
export function addOfferTools(server: McpServer, context: ToolContext): void {
  const { catalog } = context
  server.registerTool(
    'find_offers',
    {
      title: 'Find offers',
      description:
        'The same model at every provider that serves it, the cheapest first, unknown prices last. A price of 0 is free, or part of a subscription.',
      inputSchema: offersInput,
      outputSchema: offersSchema,
      annotations: LOOKS_UP,
    },
    answering(context, ({ id, limit, offset }: z.infer<typeof offersInput>) => {
      const { model, offers, total } = catalog.read((db) => readOffers(db, id))
      const end = offset + limit
      const data = offersSchema.parse({
        model,
        offers: offers.slice(offset, end).map(({ entry, ...offer }) => ({ ...entry, ...offer })),
        total,
        next_offset: end < total ? end : null,
      })
      return { data, text: offersText(data) }
    }),
  )
  server.registerTool(
    'resolve_model_id',
    {
      title: 'Resolve a model id',
      description:
        'Which models an id means that is no provider/model_id of the catalog: a LiteLLM key, a dated or aliased id, a reseller’s. No match rather than a near one.',
      inputSchema: resolveInput,
      outputSchema: matchesSchema,
      annotations: LOOKS_UP,
    },
    answering(context, (args: z.infer<typeof resolveInput>) => {
      const query = parseResolveQuery(pairsOf(args))
      const { matches, total } = catalog.read((db) => resolveId(db, query))
      const data = matchesSchema.parse({
        matches: matches.map(({ entry, ...match }) => ({ ...entry, ...match })),
        total,
      })
      return { data, text: matchesText(data) }
    }),
  )
}

function offersText({ model, offers, total, next_offset }: z.infer<typeof offersSchema>): string {
  const lines = offers.map((offer) => `${modelLine(offer)}; ${reason(offer)}`)
  const more = next_offset === null ? [] : [`More from offset ${next_offset}`]
  return [`${total} offers of ${inLine(model)}, USD per 1M tokens:`, ...lines, ...more].join('\n')
}

function matchesText({ matches, total }: z.infer<typeof matchesSchema>): string {
  if (total === 0) return 'It means no model of the catalog. search_models finds near ones.'
  const lines = matches.map((match) => `${modelLine(match)}; ${reason(match)}`)
  return [`${matches.length} of ${total} models:`, ...lines].join('\n')
}

function reason({ matched_by, is_certain }: { matched_by: string; is_certain: boolean }): string {
  return `${is_certain ? 'certain' : 'likely'}, by ${matched_by}`
}
