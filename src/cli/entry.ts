import { shownTokens, UNKNOWN } from './amounts.ts'
import type { Style } from './table.ts'

/** The contract's InferenceCatalogEntry. */
export interface CatalogEntry {
  id: string
  provider: string
  name: string | null
  capabilities: string[]
  cost: { input: number | null; output: number | null } | null
  limits: { context: number | null; output: number | null } | null
  modalities: { input: string[]; output: string[] } | null
  knowledge: string | null
  open_weights: boolean | null
  release_date: string | null
  status: string | null
}

/** Whoever looks for a model sees that one is on its way out, or that it costs nothing. */
export function styleOf({ status, cost }: CatalogEntry): Style | undefined {
  if (status === 'deprecated') return ['dim', 'strikethrough']
  return cost?.input === 0 && cost.output === 0 ? 'green' : undefined
}

export function shownLimit(tokens: number | null | undefined): string {
  // Models of images and speech have a context of 0.
  return tokens ? shownTokens(tokens) : UNKNOWN
}

export function shownFlag(flag: boolean | null): string {
  return flag === null ? UNKNOWN : flag ? 'yes' : 'no'
}

export function shownWords(words: readonly string[] | undefined): string {
  return words?.join(' ') || UNKNOWN
}
