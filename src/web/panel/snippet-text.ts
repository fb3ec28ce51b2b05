import { modelIdOf, modelPath } from '../model-path.ts'
import type { Provider } from '../wire.ts'

/** Code to paste. Ids, names and URLs come from upstream: each is quoted for the language it stands in. */

export interface Snippet {
  title: string
  /** Why, or what it takes. */
  note?: string
  text: string
}

/** What the AI SDK's packages export: a ready provider, and what makes one for another address. */
const AI_SDK_EXPORTS: Readonly<Record<string, { ready?: string; make?: string }>> = {
  '@ai-sdk/openai-compatible': { make: 'createOpenAICompatible' },
  '@ai-sdk/openai': { ready: 'openai', make: 'createOpenAI' },
  '@ai-sdk/anthropic': { ready: 'anthropic', make: 'createAnthropic' },
  '@ai-sdk/google': { ready: 'google', make: 'createGoogleGenerativeAI' },
  '@ai-sdk/google-vertex': { ready: 'vertex' },
  '@ai-sdk/google-vertex/anthropic': { ready: 'vertexAnthropic' },
  '@ai-sdk/amazon-bedrock': { ready: 'bedrock' },
  '@ai-sdk/azure': { ready: 'azure' },
  '@ai-sdk/cerebras': { ready: 'cerebras' },
  '@ai-sdk/cohere': { ready: 'cohere' },
  '@ai-sdk/deepinfra': { ready: 'deepinfra' },
  '@ai-sdk/gateway': { ready: 'gateway' },
  '@ai-sdk/groq': { ready: 'groq' },
  '@ai-sdk/mistral': { ready: 'mistral' },
  '@ai-sdk/perplexity': { ready: 'perplexity' },
  '@ai-sdk/togetherai': { ready: 'togetherai' },
  '@ai-sdk/vercel': { ready: 'vercel' },
  '@ai-sdk/xai': { ready: 'xai' },
  '@openrouter/ai-sdk-provider': { ready: 'openrouter' },
}
/** A package, with a path into it or without. */
const PACKAGE = /^((?:@[\w.-]+\/)?\w[\w.-]*)((?:\/[\w.-]+)*)$/
const VARIABLE = /^[A-Za-z_]\w*$/
const IS_KEY = /KEY|TOKEN/

/** Asks the service itself. */
export function curlSnippet(id: string, base: string): Snippet {
  const path = modelPath(id).replaceAll('%2F', '/')
  const url = new URL(`api/v1/inference/models/${path}`, base).href
  return {
    title: 'curl, this catalog',
    text: `curl -H "Authorization: Bearer $MODELDEX_TOKEN" \\\n  ${shellQuoted(url)}`,
  }
}

/**
 * Calls the model by the AI SDK; undefined where no package is known.
 * @param own what of the provider is different for this model
 */
export function aiSdkSnippet(
  id: string,
  provider: Pick<Provider, 'id' | 'npm' | 'api' | 'env'>,
  own: { npm?: unknown; api?: unknown } | null,
): Snippet | undefined {
  const npm = typeof own?.npm === 'string' ? own.npm : provider.npm
  const api = typeof own?.api === 'string' ? own.api : provider.api
  const [, name] = PACKAGE.exec(npm ?? '') ?? []
  if (npm === null || name === undefined) return undefined
  const install = `npm install ai ${name}`
  const { ready, make } = (Object.hasOwn(AI_SDK_EXPORTS, npm) && AI_SDK_EXPORTS[npm]) || {}
  const model = jsQuoted(modelIdOf(id))
  if (make !== undefined && api !== null) {
    const key = provider.env.find((variable) => VARIABLE.test(variable) && IS_KEY.test(variable))
    const lines = [
      ...(ready === undefined ? [`  name: ${jsQuoted(provider.id)},`] : []),
      `  baseURL: ${urlLiteral(api)},`,
      ...(key === undefined ? [] : [`  apiKey: process.env.${key},`]),
    ]
    const made = `const provider = ${make}({\n${lines.join('\n')}\n})`
    return { title: 'AI SDK', note: install, text: generate(make, npm, `provider(${model})`, made) }
  }
  if (ready === undefined) return { title: 'AI SDK', text: install }
  return { title: 'AI SDK', note: install, text: generate(ready, npm, `${ready}(${model})`) }
}

function generate(imported: string, npm: string, model: string, made?: string): string {
  return [
    `import { generateText } from 'ai'`,
    `import { ${imported} } from '${npm}'`,
    '',
    ...(made === undefined ? [] : [made, '']),
    'const { text } = await generateText({',
    `  model: ${model},`,
    `  prompt: 'Hello',`,
    '})',
  ].join('\n')
}

/** @param model as LiteLLM's calls name it */
export function litellmSnippet(model: string): Snippet {
  return {
    title: 'LiteLLM',
    text: [
      'from litellm import completion',
      '',
      'response = completion(',
      // What JSON escapes, Python reads alike.
      `    model=${JSON.stringify(model)},`,
      '    messages=[{"role": "user", "content": "Hello"}],',
      ')',
    ].join('\n'),
  }
}

/** For a POSIX shell. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

export function jsQuoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner}'`
}

/** An address; what it leaves to environment variables, as models.dev writes that, is read from them. */
function urlLiteral(url: string): string {
  if (!/\$\{\w+\}/.test(url)) return jsQuoted(url)
  const parts = url.split(/(\$\{[A-Za-z_]\w*\})/)
  const written = parts.map((part, index) =>
    index % 2 === 1 ? part.replace('${', '${process.env.') : part.replace(/[\\`$]/g, '\\$&'),
  )
  return `\`${written.join('').replaceAll('\n', '\\n')}\``
}
