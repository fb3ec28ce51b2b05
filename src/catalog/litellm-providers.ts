/** A provider of models.dev as LiteLLM knows it; several rows of one provider tell its models apart. */
export interface LitellmProvider {
  /** models.dev's id. */
  provider: string
  /** Only these model ids; all that no earlier row of the provider takes, where it is left out. */
  ids?: RegExp
  /** LiteLLM's `litellm_provider`. */
  litellm: string
  /** What stands in front of the model id in LiteLLM's calls, and in its keys unless `bare`. */
  prefix: string
  /** Its keys are the model ids alone, but for ids that hold a slash. */
  bare?: true
}

// What Azure serves of OpenAI's own; the rest of its models are LiteLLM's azure_ai.
const AZURE_OPENAI =
  /^(gpt-(?!oss)|o\d|codex-|text-embedding-|chatgpt-|dall-e|whisper|tts-|sora-|computer-use-|davinci|babbage)/
// Bedrock's OpenAI-compatible endpoint has models of its own; a geography in front means the Converse API.
const BEDROCK_MANTLE = /^(openai\.gpt-(oss-(20|120)b$|\d)|google\.gemma-4-|xai\.grok-)/
// LiteLLM gives Vertex AI's older Gemini models no prefix, but for those that make images.
const VERTEX_BARE_GEMINI = /^gemini-[12]\.\d-(?!.*image)/

/**
 * In this order where two rows make the same key: the endpoint LiteLLM calls by default stands before its sisters.
 * A row means that LiteLLM can call the provider, also where its own map prices none of the provider's models.
 */
export const LITELLM_PROVIDERS: readonly LitellmProvider[] = [
  { provider: 'abliteration-ai', litellm: 'abliteration', prefix: 'abliteration/' },
  { provider: 'ai21', litellm: 'ai21', prefix: 'ai21/', bare: true },
  { provider: 'aihubmix', litellm: 'aihubmix', prefix: 'aihubmix/' },
  { provider: 'alibaba', litellm: 'dashscope', prefix: 'dashscope/' },
  { provider: 'alibaba-cn', litellm: 'dashscope', prefix: 'dashscope/' },
  { provider: 'amazon-bedrock', ids: BEDROCK_MANTLE, litellm: 'bedrock_mantle', prefix: 'bedrock_mantle/' },
  { provider: 'amazon-bedrock', litellm: 'bedrock_converse', prefix: 'bedrock/', bare: true },
  { provider: 'anthropic', litellm: 'anthropic', prefix: 'anthropic/', bare: true },
  { provider: 'azure', ids: AZURE_OPENAI, litellm: 'azure', prefix: 'azure/' },
  { provider: 'azure', litellm: 'azure_ai', prefix: 'azure_ai/' },
  { provider: 'azure-cognitive-services', ids: AZURE_OPENAI, litellm: 'azure', prefix: 'azure/' },
  { provider: 'azure-cognitive-services', litellm: 'azure_ai', prefix: 'azure_ai/' },
  { provider: 'baseten', litellm: 'baseten', prefix: 'baseten/' },
  { provider: 'cerebras', litellm: 'cerebras', prefix: 'cerebras/' },
  { provider: 'chutes', litellm: 'chutes', prefix: 'chutes/' },
  { provider: 'cloudflare-workers-ai', litellm: 'cloudflare', prefix: 'cloudflare/' },
  { provider: 'cohere', litellm: 'cohere_chat', prefix: 'cohere/', bare: true },
  { provider: 'crusoe', litellm: 'crusoe', prefix: 'crusoe/' },
  { provider: 'databricks', litellm: 'databricks', prefix: 'databricks/' },
  { provider: 'deepinfra', litellm: 'deepinfra', prefix: 'deepinfra/' },
  { provider: 'deepseek', litellm: 'deepseek', prefix: 'deepseek/' },
  { provider: 'digitalocean', litellm: 'gradient_ai', prefix: 'gradient_ai/' },
  { provider: 'fireworks-ai', litellm: 'fireworks_ai', prefix: 'fireworks_ai/' },
  { provider: 'friendli', litellm: 'friendliai', prefix: 'friendliai/' },
  { provider: 'github-copilot', litellm: 'github_copilot', prefix: 'github_copilot/' },
  { provider: 'gmicloud', litellm: 'gmi', prefix: 'gmi/' },
  { provider: 'google', litellm: 'gemini', prefix: 'gemini/' },
  {
    provider: 'google-vertex',
    ids: VERTEX_BARE_GEMINI,
    litellm: 'vertex_ai-language-models',
    prefix: 'vertex_ai/',
    bare: true,
  },
  {
    provider: 'google-vertex',
    ids: /^gemini-embedding-001$/,
    litellm: 'vertex_ai-embedding-models',
    prefix: 'vertex_ai/',
    bare: true,
  },
  vertex(/^gemini-/, 'vertex_ai-language-models'),
  vertex(/^claude-/, 'vertex_ai-anthropic_models'),
  vertex(/^deepseek-ai\//, 'vertex_ai-deepseek_models'),
  vertex(/^meta\//, 'vertex_ai-llama_models'),
  vertex(/^moonshotai\//, 'vertex_ai-moonshot_models'),
  vertex(/^openai\//, 'vertex_ai-openai_models'),
  vertex(/^qwen\//, 'vertex_ai-qwen_models'),
  vertex(/^zai-org\//, 'vertex_ai-zai_models'),
  { provider: 'google-vertex', litellm: 'vertex_ai', prefix: 'vertex_ai/' },
  { provider: 'google-vertex-anthropic', litellm: 'vertex_ai-anthropic_models', prefix: 'vertex_ai/' },
  { provider: 'groq', litellm: 'groq', prefix: 'groq/' },
  { provider: 'helicone', litellm: 'helicone', prefix: 'helicone/' },
  { provider: 'huggingface', litellm: 'huggingface', prefix: 'huggingface/' },
  { provider: 'inception', litellm: 'inception', prefix: 'inception/' },
  { provider: 'llama', litellm: 'meta_llama', prefix: 'meta_llama/' },
  { provider: 'lmstudio', litellm: 'lm_studio', prefix: 'lm_studio/' },
  { provider: 'meta', litellm: 'meta', prefix: 'meta/' },
  { provider: 'minimax', litellm: 'minimax', prefix: 'minimax/' },
  { provider: 'minimax-cn', litellm: 'minimax', prefix: 'minimax/' },
  { provider: 'mistral', litellm: 'mistral', prefix: 'mistral/' },
  { provider: 'moonshotai', litellm: 'moonshot', prefix: 'moonshot/' },
  { provider: 'moonshotai-cn', litellm: 'moonshot', prefix: 'moonshot/' },
  { provider: 'morph', litellm: 'morph', prefix: 'morph/' },
  { provider: 'nano-gpt', litellm: 'nano-gpt', prefix: 'nano-gpt/' },
  { provider: 'nebius', litellm: 'nebius', prefix: 'nebius/' },
  { provider: 'nova', litellm: 'amazon_nova', prefix: 'amazon-nova/' },
  { provider: 'novita-ai', litellm: 'novita', prefix: 'novita/' },
  { provider: 'nvidia', litellm: 'nvidia_nim', prefix: 'nvidia_nim/' },
  { provider: 'oci', litellm: 'oci', prefix: 'oci/' },
  { provider: 'openai', litellm: 'openai', prefix: 'openai/', bare: true },
  { provider: 'openrouter', litellm: 'openrouter', prefix: 'openrouter/' },
  { provider: 'ovhcloud', litellm: 'ovhcloud', prefix: 'ovhcloud/' },
  { provider: 'perplexity', litellm: 'perplexity', prefix: 'perplexity/' },
  { provider: 'perplexity-agent', litellm: 'perplexity', prefix: 'perplexity/' },
  { provider: 'poe', litellm: 'poe', prefix: 'poe/' },
  { provider: 'sap-ai-core', litellm: 'sap', prefix: 'sap/' },
  { provider: 'sarvam', litellm: 'sarvam', prefix: 'sarvam/' },
  { provider: 'scaleway', litellm: 'scaleway', prefix: 'scaleway/' },
  { provider: 'snowflake-cortex', litellm: 'snowflake', prefix: 'snowflake/' },
  { provider: 'synthetic', litellm: 'synthetic', prefix: 'synthetic/' },
  { provider: 'tencent-tokenhub', litellm: 'tencent', prefix: 'tencent/' },
  { provider: 'togetherai', litellm: 'together_ai', prefix: 'together_ai/' },
  { provider: 'v0', litellm: 'v0', prefix: 'v0/' },
  { provider: 'venice', litellm: 'veniceai', prefix: 'veniceai/' },
  { provider: 'vercel', litellm: 'vercel_ai_gateway', prefix: 'vercel_ai_gateway/' },
  { provider: 'volcengine', litellm: 'volcengine', prefix: 'volcengine/' },
  { provider: 'wandb', litellm: 'wandb', prefix: 'wandb/' },
  { provider: 'watsonx', litellm: 'watsonx', prefix: 'watsonx/' },
  { provider: 'xai', litellm: 'xai', prefix: 'xai/' },
  { provider: 'xiaomi', litellm: 'xiaomi_mimo', prefix: 'xiaomi_mimo/' },
  { provider: 'zai', litellm: 'zai', prefix: 'zai/' },
]

function vertex(ids: RegExp, litellm: string): LitellmProvider {
  return { provider: 'google-vertex', ids, litellm, prefix: 'vertex_ai/' }
}

const ROWS = Map.groupBy(LITELLM_PROVIDERS, ({ provider }) => provider)

/** The row of a model; undefined where LiteLLM does not know its provider. */
export function litellmProvider(provider: string, modelId: string): LitellmProvider | undefined {
  return ROWS.get(provider)?.find(({ ids }) => ids === undefined || ids.test(modelId))
}

/** The key of a model in LiteLLM's cost map. */
export function litellmKey(provider: string, modelId: string): string | undefined {
  const row = litellmProvider(provider, modelId)
  if (row === undefined) return undefined
  return row.bare && !modelId.includes('/') ? modelId : row.prefix + modelId
}

/** What LiteLLM's calls name a model; undefined where it does not know its provider. */
export function litellmModel(provider: string, modelId: string): string | undefined {
  const row = litellmProvider(provider, modelId)
  return row && row.prefix + modelId
}

/**
 * The models a LiteLLM key may mean, in the order of the table; whether the catalog has them, the caller sees. A model
 * without a prefix in LiteLLM's map is also found as its calls spell it (`openai/gpt-4o`, `bedrock/anthropic.…`).
 */
export function fromLitellmKey(key: string): { provider: string; modelId: string }[] {
  return LITELLM_PROVIDERS.flatMap((row) => {
    const modelIds = [
      ...(row.bare && !key.includes('/') ? [key] : []),
      ...(key.startsWith(row.prefix) ? [key.slice(row.prefix.length)] : []),
    ]
    return modelIds
      .filter((modelId) => modelId !== '' && litellmProvider(row.provider, modelId) === row)
      .map((modelId) => ({ provider: row.provider, modelId }))
  })
}
