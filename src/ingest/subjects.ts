import type { Database } from '../db/open.ts'

/** The key of everything that changed at some time, by its present id: `provider/model_id`, or `provider`. */
export function readSubjects(db: Database): Map<string, number> {
  const rows = db
    .prepare<[], [number, string, string | null]>('SELECT id, provider, model_id FROM subject')
    .raw()
    .all()
  return new Map(rows.map(([key, provider, modelId]) => [idOf(provider, modelId), key]))
}

/** A provider's id can hold no slash, so the two kinds are never taken for each other. */
export function idOf(provider: string, modelId: string | null): string {
  return modelId === null ? provider : `${provider}/${modelId}`
}

/** A model's provider and model ID. */
export function splitId(id: string): [provider: string, modelId: string] {
  const slash = id.indexOf('/')
  return [id.slice(0, slash), id.slice(slash + 1)]
}
