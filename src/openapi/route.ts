import { z } from 'zod'
import type { HeaderName } from './headers.ts'

/** A route as `/openapi.json` tells it. Which token it needs stands in access.ts of `src/http`. */
export interface Route {
  method: 'get' | 'post'
  /** Parts in braces stand for `parts`. */
  path: `/${string}`
  /** What clients made from the description call it. */
  id: string
  tag: Tag
  summary: string
  description?: string
  parts?: Record<string, Part>
  /** Its query parameters; left out where a query is ignored. */
  query?: z.ZodObject
  body?: z.ZodType
  answers: Record<number, Answer>
  /** The rate limit does not hold for it. */
  isUncounted?: true
  /** Statuses beside those that follow from the rest. */
  errors?: readonly ErrorStatus[]
  /** A request whose real answer is shown; left out for what is too long or too short to show. */
  example?: Example
}

export const TAGS = {
  catalog: 'Models as they are, or as they were.',
  history: 'What changed, and when.',
  formats: 'The catalog as other tools read it.',
  agents: 'The catalog as tools.',
  service: 'What is served, and its upkeep.',
  description: 'This description.',
}
type Tag = keyof typeof TAGS

/** A part of a path. */
interface Part {
  description: string
  example: string
}

export interface Answer {
  description: string
  /** What it looks like, by media type; undefined for bytes, and none at all for an answer without a body. */
  content?: Record<string, z.ZodType | undefined>
  headers: readonly HeaderName[]
}

export interface Example {
  /** With the query. */
  path: `/${string}`
  body?: unknown
}

export type ErrorStatus = 400 | 401 | 403 | 404 | 409 | 422 | 426 | 429 | 500 | 502 | 504

export const NO_QUERY = z.object({})
export const JSON_TYPE = 'application/json'

/** What is sent for a client to keep, and confirmed without a body. */
export function keptAnswers(answer: Answer): Record<number, Answer> {
  const headers: HeaderName[] = ['ETag', 'Cache-Control', 'Vary', ...answer.headers]
  return {
    200: { ...answer, headers },
    304: { description: 'What `If-None-Match` names is still right; no body.', headers },
  }
}

/** What is true of its moment only. */
export function momentaryAnswers(answer: Answer): Record<number, Answer> {
  return { 200: { ...answer, headers: ['Cache-Control', 'Vary', ...answer.headers] } }
}
