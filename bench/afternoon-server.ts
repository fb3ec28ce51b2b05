import { readFileSync } from 'node:fs'
import express, { type Request } from 'express'
import { CAPABILITIES } from '../src/db/capabilities.ts'
import { announce } from './announce.ts'

/**
 * The version one writes in an afternoon: the catalog's JSON in memory, and for each request a `filter`, a `sort` and a
 * `JSON.stringify`, with the contract's parameters as one would read them at first.
 */
interface Model {
  name: string
  cost?: { input?: number; output?: number }
  limit?: { context?: number; output?: number }
  modalities?: object
  knowledge?: string
  open_weights?: boolean
  release_date?: string
  status?: string
}

const DEFAULT_LIMIT = 20

type Sent = Model & { [capability in (typeof CAPABILITIES)[number]]?: unknown }

const [file = ''] = process.argv.slice(2)
const providers: Record<string, { models: Record<string, Sent> }> = JSON.parse(readFileSync(file, 'utf8'))
const entries = Object.entries(providers).flatMap(([provider, { models }]) =>
  Object.entries(models).map(([modelId, model]) => ({
    id: `${provider}/${modelId}`,
    provider,
    name: model.name,
    capabilities: CAPABILITIES.filter((capability) => model[capability]),
    cost: model.cost ? { input: model.cost.input ?? null, output: model.cost.output ?? null } : null,
    limits: model.limit ? { context: model.limit.context ?? null, output: model.limit.output ?? null } : null,
    modalities: model.modalities ?? null,
    knowledge: model.knowledge ?? null,
    open_weights: model.open_weights ?? null,
    release_date: model.release_date ?? null,
    status: model.status ?? null,
  })),
)
type Entry = (typeof entries)[number]

const app = express()
app.disable('x-powered-by')
app.get('/api/v1/inference/catalog', (request, response) => {
  const found = entries.filter(filterOf(request)).sort(newerFirst)
  response.json({ models: found.slice(0, Number(request.query.limit ?? DEFAULT_LIMIT)), total: found.length })
})
app.get('/api/v1/inference/catalog/*id', (request, response) => {
  const id = [request.params.id].flat().join('/')
  const found = entries.find((entry) => entry.id === id)
  if (found === undefined) response.status(404).json({ code: 404, detail: `No model ${id}` })
  else response.json(found)
})
const server = app.listen(0, '127.0.0.1', () => announce(server))

function filterOf({ query: given }: Request): (entry: Entry) => boolean {
  const text = (name: string) => (given[name] === undefined ? undefined : String(given[name]))
  const terms = text('query')?.toLowerCase().split(/\s+/) ?? []
  const provider = text('provider')
  const capabilities = text('capabilities')?.split(',') ?? []
  const openWeights = text('open_weights')
  const [minContext = 0, maxContext] = [text('min_context'), text('max_context')].map(numberOf)
  const [minPrice = 0, maxPrice] = [text('min_price'), text('max_price')].map(numberOf)
  const hasContextBound = text('min_context') !== undefined || maxContext !== undefined
  const hasPriceBound = text('min_price') !== undefined || maxPrice !== undefined
  return (entry) => {
    const { context } = entry.limits ?? {}
    const price = entry.cost === null ? undefined : Math.max(entry.cost.input ?? 0, entry.cost.output ?? 0)
    return (
      terms.every((term) => `${entry.id} ${entry.name}`.toLowerCase().includes(term)) &&
      (provider === undefined || entry.provider === provider) &&
      capabilities.every((name) => entry.capabilities.some((capability) => capability === name)) &&
      (openWeights === undefined || String(entry.open_weights) === openWeights) &&
      (!hasContextBound || isBetween(context ?? undefined, minContext, maxContext)) &&
      (!hasPriceBound || isBetween(price, minPrice, maxPrice))
    )
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

function isBetween(value: number | undefined, least: number, most = Number.POSITIVE_INFINITY): boolean {
  return value !== undefined && value >= least && value <= most
}

function newerFirst(a: Entry, b: Entry): number {
  const [newer, older] = [b.release_date ?? '', a.release_date ?? '']
  return newer < older ? -1 : newer > older ? 1 : a.id < b.id ? -1 : 1
}
