import type { Database } from '../db/open.ts'
import { litellmMap } from './litellm.ts'
import { apiJson, catalogJson, modelsJson } from './models-dev.ts'
import { modelList } from './openai.ts'

/** The documents that hold the whole catalog: each one's text, from what one transaction sees. */
export const DOCUMENTS = {
  'api.json': apiJson,
  'models.json': modelsJson,
  'catalog.json': catalogJson,
  litellm: litellmMap,
  'openai-models': modelList,
} as const satisfies Record<string, (db: Database) => string>

export type DocumentName = keyof typeof DOCUMENTS
