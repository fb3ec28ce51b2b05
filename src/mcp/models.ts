import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { didYouMean, getter } from '../catalog/get.ts'
import { readPriceList } from '../catalog/price-list.ts'
import { resolveId } from '../catalog/resolve.ts'
import { PARTIES, readStanding } from '../catalog/standing.ts'
import type { Database } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { comparedSchema, comparisonRows, isDifferent } from './comparison.ts'
import { modelLine } from './entry.ts'
import { inLine, valueInLine } from './text.ts'
import { answering, LOOKS_UP, type ToolContext } from './tool.ts'

/** How many models are held side by side. */
const MAX_COMPARED = 10
/** How many are offered in place of an id without a provider. */
const MAX_NEAR_IDS = 3

const idSchema = z.string().describe('provider/model_id, such as openai/gpt-4o.')
const getInput = z.strictObject({ id: idSchema })
const compareInput = z.strictObject({ ids: z.array(idSchema).min(2).max(MAX_COMPARED) })

/** By kind; what is not stated is left out. */
const amounts = z.record(z.string(), z.number())
const modelSchema = z.object({
  ...comparedSchema.shape,
  lab: z.string().describe('Whose model it is.'),
  party: z.enum(PARTIES).describe('Whose offer: its maker, a well-known host, or another.'),
  prices: amounts,
  tiers: z
    .array(z.object({ type: z.string().nullable(), size: z.number().nullable(), prices: amounts }))
    .describe('Prices of requests whose prompt is above size.'),
  token_limits: amounts,
})

type Model = z.infer<typeof modelSchema>

const comparisonSchema = z.object({
  models: z.array(comparedSchema),
  different: z.array(z.string()).describe('Fields in which they differ.'),
})

export function addModelTools(server: McpServer, context: ToolContext): void {
  const { catalog } = context
  server.registerTool(
    'get_model',
    {
      title: 'Get a model',
      description:
        'One model of one provider: all prices and tiers, limits, capabilities, dates, whose it is.',
      inputSchema: getInput,
      outputSchema: modelSchema,
      annotations: LOOKS_UP,
    },
    answering(context, ({ id }: z.infer<typeof getInput>) => {
      const data = catalog.read((db) => readModel(db, id))
      return { data, text: textOf(data) }
    }),
  )
  server.registerTool(
    'compare_models',
    {
      title: 'Compare models',
      description: 'Hold models side by side: prices, limits, capabilities, dates.',
      inputSchema: compareInput,
      outputSchema: comparisonSchema,
      annotations: LOOKS_UP,
    },
    answering(context, ({ ids }: z.infer<typeof compareInput>) => {
      const models = catalog.read((db) => readAll(db, ids))
      const rows = comparisonRows(models)
      const different = rows.filter(isDifferent).map(([field]) => field)
      const lines = rows.map(([field, values]) => `${field}: ${values.map(valueInLine).join(' | ')}`)
      return { data: { models, different }, text: lines.join('\n') }
    }),
  )
}

/** @throws AppError `not_found`, offering near ids */
function readModel(db: Database, id: string): Model {
  const entry = entryReader(db)(id)
  const list = readPriceList(db, id)
  return modelSchema.parse({
    ...entry,
    ...readStanding(db, id),
    prices: stated(list?.prices),
    tiers: list?.tiers.map((tier) => ({ ...tier, prices: stated(tier.prices) })),
    token_limits: stated(list?.limits),
  })
}

function stated(amounts: Record<string, number | null> | null | undefined): Record<string, number | null> {
  return Object.fromEntries(Object.entries(amounts ?? {}).filter(([, amount]) => amount !== null))
}

/** @throws AppError `not_found`, telling of all that are missing at once */
function readAll(db: Database, ids: readonly string[]): z.infer<typeof comparedSchema>[] {
  const read = entryReader(db)
  const faults: string[] = []
  const found = ids.flatMap((id) => {
    try {
      return [comparedSchema.parse(read(id))]
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error
      faults.push(error.message)
      return []
    }
  })
  if (faults.length > 0) throw new AppError('not_found', faults.join(' '))
  return found
}

function entryReader(db: Database): (id: string) => Record<string, unknown> {
  const get = getter(db)
  return (id) => {
    const slash = id.indexOf('/')
    if (slash < 1) {
      const { matches } = resolveId(db, { id, provider: undefined, limit: MAX_NEAR_IDS })
      const meant = didYouMean(matches.map(({ entry }) => entry.id))
      throw new AppError('not_found', `No model ${id}: an id is provider/model_id.${meant}`)
    }
    return JSON.parse(get(id.slice(0, slash), id.slice(slash + 1)))
  }
}

function textOf(model: Model): string {
  const { lab, party, modalities, knowledge, prices, tiers } = model
  const lines = [
    modelLine(model),
    `lab ${inLine(lab)}; offered by: ${party}; knowledge ${inLine(knowledge ?? 'unknown')}`,
    ...(modalities === null
      ? []
      : [`in: ${inLine(modalities.input.join(' '))}; out: ${inLine(modalities.output.join(' '))}`]),
    `USD per 1M tokens: ${amountsText(prices)}`,
    ...tiers.map(({ type, size, prices }) => `above ${size} (${inLine(type ?? '')}): ${amountsText(prices)}`),
  ]
  return lines.join('\n')
}

function amountsText(amounts: Record<string, number>): string {
  return inLine(
    Object.entries(amounts)
      .map(([kind, amount]) => `${kind} ${amount}`)
      .join(', ') || 'unknown',
  )
}
