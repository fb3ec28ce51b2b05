import type { z } from 'zod'
import type { entrySchema } from '../catalog/entry.ts'
import { shownTokens, UNKNOWN } from './amounts.ts'
import type { Style } from './terminal.ts'

export type CatalogEntry = z.infer<typeof entrySchema>

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
