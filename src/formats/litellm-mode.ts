import type { LitellmProvider } from '../catalog/litellm-providers.ts'
import type { UpstreamModel } from '../source/schema.ts'

export type LitellmMode =
  | 'audio_speech'
  | 'audio_transcription'
  | 'chat'
  | 'embedding'
  | 'image_generation'
  | 'realtime'
  | 'rerank'
  | 'responses'
  | 'video_generation'

/** Modes that are billed by the image or the second: the tokens of such a model that cost nothing have no price. */
export const OTHER_UNITS: ReadonlySet<LitellmMode> = new Set([
  'audio_speech',
  'audio_transcription',
  'image_generation',
  'video_generation',
])

const RERANK = /rerank/
const EMBEDDING = /embed|(^|[/-])(bge|e5|gte|all-mini-?lm|multi-qa-mpnet)-/
const REALTIME = /realtime|-live-/
const IMAGE = /image/

// Where OpenAI's models answer at /v1/responses alone. Elsewhere a host may serve the same ones as chat.
const RESPONSES_ONLY = /codex|^(gpt-[\d.]+|o\d+)-pro\b|deep-research/
const RESPONSES: ReadonlyMap<string, RegExp> = new Map([
  ['openai', RESPONSES_ONLY],
  ['azure', RESPONSES_ONLY],
  ['azure-cognitive-services', RESPONSES_ONLY],
  ['github-copilot', RESPONSES_ONLY],
  ['amazon-bedrock', /^openai\.gpt-\d/],
  ['perplexity-agent', /./],
])

/** LiteLLM's `mode`: models.dev says what goes in and comes out, the rest is in the id. The first that fits. */
export function litellmMode(
  { provider }: LitellmProvider,
  modelId: string,
  model: UpstreamModel,
): LitellmMode {
  const id = modelId.toLowerCase()
  const into = model.modalities?.input ?? []
  const out = model.modalities?.output ?? []
  if (RERANK.test(id)) return 'rerank'
  if (EMBEDDING.test(id)) return 'embedding'
  if (REALTIME.test(id)) return 'realtime'
  if (isOnly(out, 'video')) return 'video_generation'
  if (isOnly(out, 'image') || (out.includes('image') && IMAGE.test(id))) return 'image_generation'
  if (isOnly(out, 'audio')) return 'audio_speech'
  if (isOnly(into, 'audio')) return 'audio_transcription'
  return RESPONSES.get(provider)?.test(id) ? 'responses' : 'chat'
}

function isOnly(modalities: readonly string[], modality: string): boolean {
  return modalities.length === 1 && modalities[0] === modality
}
