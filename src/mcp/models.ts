import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import type { Catalog } from '../catalog/catalog.ts'
import { AppError } from '../errors.ts'
import { listedModelSchema, modelLine } from './entry.ts'
import { valueInLine } from './text.ts'
import { answering, LOOKS_UP, type ToolContext } from './tool.ts'

/** How many models are held side by side. */
const MAX_COMPARED = 10

const idSchema = z.string().describe('provider/model_id, such as openai/gpt-4o.')

/** All that the list knows of a model. */
const modelSchema = z.object({
  ...listedModelSchema.shape,
  provider: z.string(),
  modalities: z.object({ input: z.array(z.string()), output: z.array(z.string()) }).nullable(),
  knowledge: z.string().nullable(),
})

type Model = z.infer<typeof modelSchema>

const comparisonSchema = z.object({
  models: z.array(modelSchema),
  different: z.array(z.string()).describe('Fields in which they differ.'),
})

export function addModelTools(server: McpServer, context: ToolContext): void {
  const { catalog } = context
  server.registerTool(
    'get_model',
    {
      title: 'Get a model',
      description: 'All that is known of one model of one provider.',
      inputSchema: z.strictObject({ id: idSchema }),
      outputSchema: modelSchema,
      annotations: LOOKS_UP,
    },
    answering(context, ({ id }: { id: string }) => {
      const data = modelOf(catalog, id)
      return { data, text: modelLine(data) }
    }),
  )
  server.registerTool(
    'compare_models',
    {
      title: 'Compare models',
      description: 'Hold models side by side: prices, limits, capabilities, dates.',
      inputSchema: z.strictObject({ ids: z.array(idSchema).min(2).max(MAX_COMPARED) }),
      outputSchema: comparisonSchema,
      annotations: LOOKS_UP,
    },
    answering(context, ({ ids }: { ids: string[] }) => {
      const models = allOf(ids, (id) => modelOf(catalog, id))
      const rows = rowsOf(models)
      const different = rows.filter(isDifferent).map(([field]) => field)
      const lines = rows.map(([field, values]) => `${field}: ${values.map(valueInLine).join(' | ')}`)
      return { data: { models, different }, text: lines.join('\n') }
    }),
  )
}

/** @throws AppError `not_found`, offering near ids */
function modelOf(catalog: Catalog, id: string): Model {
  const slash = id.indexOf('/')
  if (slash < 1) {
    const said = `No model ${valueInLine(id)}: an id is provider/model_id, such as openai/gpt-4o.`
    throw new AppError('not_found', `${said} search_models finds it.`)
  }
  return modelSchema.parse(JSON.parse(catalog.get(id.slice(0, slash), id.slice(slash + 1)).body))
}

/** Looks all of them up, and tells of all that fail at once. */
function allOf<T>(ids: readonly string[], lookUp: (id: string) => T): T[] {
  const faults: string[] = []
  const found = ids.flatMap((id) => {
    try {
      return [lookUp(id)]
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error
      faults.push(error.message)
      return []
    }
  })
  if (faults.length > 0) throw new AppError('not_found', faults.join(' '))
  return found
}

type Row = [field: string, values: unknown[]]

/** Each field with its value of every model; objects by their parts. */
function rowsOf(models: readonly Model[]): Row[] {
  const row = (field: string, of: (model: Model) => unknown): Row => [field, models.map(of)]
  return [
    row('id', ({ id }) => id),
    row('name', ({ name }) => name),
    row('cost.input', ({ cost }) => cost?.input),
    row('cost.output', ({ cost }) => cost?.output),
    row('limits.context', ({ limits }) => limits?.context),
    row('limits.output', ({ limits }) => limits?.output),
    row('capabilities', ({ capabilities }) => capabilities.join(' ')),
    row('modalities.input', ({ modalities }) => modalities?.input.join(' ')),
    row('modalities.output', ({ modalities }) => modalities?.output.join(' ')),
    row('open_weights', ({ open_weights }) => open_weights),
    row('knowledge', ({ knowledge }) => knowledge),
    row('release_date', ({ release_date }) => release_date),
    row('status', ({ status }) => status),
  ]
}

function isDifferent([field, values]: Row): boolean {
  return field !== 'id' && values.some((value) => (value ?? null) !== (values[0] ?? null))
}
