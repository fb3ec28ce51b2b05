import {
  LITELLM_PROVIDERS,
  type LitellmProvider,
  litellmKey,
  litellmProvider,
} from '../catalog/litellm-providers.ts'
import type { Database } from '../db/open.ts'
import { readHeads, readModels } from '../ingest/read-back.ts'
import type { UpstreamModel } from '../source/schema.ts'
import { type LitellmMode, litellmMode, OTHER_UNITS } from './litellm-mode.ts'
import { type TokenPrices, tokenPrices } from './litellm-prices.ts'

interface Entry {
  rank: number
  body: object
}

const RANKS = new Map(LITELLM_PROVIDERS.map((row, rank) => [row, rank]))

/**
 * LiteLLM's model_prices_and_context_window.json: every model whose provider LiteLLM knows, one a line, by key. Of
 * models with one key, the one whose provider stands first in the table of providers.
 */
export function litellmMap(db: Database): string {
  const docs = new Map(readHeads(db).map(({ id, head }) => [id, head.doc ?? undefined]))
  const entries = new Map<string, Entry>()
  for (const { provider, modelId, model } of readModels(db)) {
    const row = litellmProvider(provider, modelId)
    const key = litellmKey(provider, modelId)
    if (row === undefined || key === undefined) continue
    const rank = RANKS.get(row) ?? 0
    if ((entries.get(key)?.rank ?? Infinity) <= rank) continue
    entries.set(key, { rank, body: litellmEntry(row, modelId, model, docs.get(provider)) })
  }
  const lines = [...entries].map(([key, { body }]) => `${JSON.stringify(key)}:${JSON.stringify(body)}`)
  return `{\n${lines.sort().join(',\n')}\n}\n`
}

/** What is unknown is left out: LiteLLM reads a price of 0 as free. */
function litellmEntry(row: LitellmProvider, modelId: string, model: UpstreamModel, source?: string): object {
  const mode = litellmMode(row, modelId, model)
  const costs = prices(mode, model)
  return {
    litellm_provider: row.litellm,
    mode,
    ...limits(mode, model),
    ...costs,
    ...supports(model, costs),
    source,
  }
}

function limits(mode: LitellmMode, { limit }: UpstreamModel): object {
  // A 0 stands where a model has no such limit, and what an embedding puts out is no text.
  const input = limit?.input || limit?.context || undefined
  const output = (mode !== 'embedding' && limit?.output) || undefined
  return { max_tokens: output ?? input, max_input_tokens: input, max_output_tokens: output }
}

function prices(mode: LitellmMode, { cost, limit }: UpstreamModel): TokenPrices {
  if (!cost || (OTHER_UNITS.has(mode) && cost.input === 0 && cost.output === 0)) return {}
  return tokenPrices(cost, limit?.context ?? undefined)
}

function supports(model: UpstreamModel, costs: TokenPrices): object {
  const { modalities } = model
  const into = modalities?.input ?? undefined
  const out = modalities?.output ?? undefined
  return {
    supports_function_calling: flag(model.tool_call),
    supports_reasoning: flag(model.reasoning),
    supports_response_schema: flag(model.structured_output),
    supports_vision: into?.includes('image'),
    supports_pdf_input: into?.includes('pdf'),
    supports_audio_input: into?.includes('audio'),
    supports_video_input: into?.includes('video'),
    supports_audio_output: out?.includes('audio'),
    // Who asks money for cached tokens has a cache; nothing else tells.
    supports_prompt_caching: costs.cache_read_input_token_cost ? true : undefined,
    supported_modalities: into,
    supported_output_modalities: out,
  }
}

function flag(capability: UpstreamModel['tool_call']): boolean | undefined {
  return capability == null ? undefined : Boolean(capability)
}
