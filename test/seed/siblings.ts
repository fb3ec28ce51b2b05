import type { Entry } from './read-seed.ts'

const SIZE_WORDS = new Set([
  ...['nano', 'micro', 'mini', 'small', 'medium', 'large', 'tiny', 'xs', 's', 'm', 'xl'],
  ...['lite', 'flash', 'air', 'plus', 'turbo', 'pro', 'premier', 'max', 'ultra', 'super', 'lightning'],
  ...['haiku', 'sonnet', 'opus', 'fable', 'sol', 'luna', 'terra', 'astra', 'scout', 'maverick', 'spark'],
])
const PARAMETERS = /^a?\d+(\.\d+)?[bt]$/

// Models of a family that are no chat model: they answer in text too, but nobody picks them to talk to.
const SPECIAL =
  /embed|rerank|safeguard|safety|guard|\btts\b|\basr\b|realtime|live|translate|transcribe|voicechat/

/** The live chat models of the same provider and family that share a size word or a parameter count, or have none. */
export function siblingsOf(entry: Entry, entries: Entry[]): Entry[] {
  const sizes = sizesOf(entry.modelId)
  return entries.filter((other) => {
    if (other === entry || other.provider !== entry.provider || !isLiveChat(other)) return false
    if (other.model.family === undefined || other.model.family !== entry.model.family) return false
    const theirs = sizesOf(other.modelId)
    if (sizes.size === 0 || theirs.size === 0) return sizes.size === theirs.size
    return !sizes.isDisjointFrom(theirs)
  })
}

/** Names one model once: an alias, a dated twin and a faster serving of it share this. */
export function sameModelAs(a: Entry, b: Entry): boolean {
  const canonical = a.model.canonical_model_id
  if (canonical !== undefined && canonical === b.model.canonical_model_id) return true
  return undated(a.modelId) === undated(b.modelId)
}

export function isLiveChat({ modelId, model }: Entry): boolean {
  const textOnly = model.modalities.output.length === 1 && model.modalities.output[0] === 'text'
  return textOnly && model.status !== 'deprecated' && !SPECIAL.test(modelId)
}

export function sizesOf(modelId: string): Set<string> {
  const words = modelId.toLowerCase().split(/[^a-z0-9.]+|\.(?!\d)/)
  return new Set(words.filter((word) => SIZE_WORDS.has(word) || PARAMETERS.test(word)))
}

function undated(modelId: string): string {
  return modelId.replace(/-(latest|\d{8}|\d{4}-\d\d-\d\d|\d\d-\d{4}|\d{4}|\d{6})$/, '')
}
