import { UsageError } from '../errors.ts'

/** The two parts of `provider/model_id`. @throws UsageError */
export function splitId(id: string): [provider: string, modelId: string] {
  const slash = id.indexOf('/')
  if (slash < 1) throw new UsageError(`${JSON.stringify(id)} is no model: write provider/model_id`)
  return [id.slice(0, slash), id.slice(slash + 1)]
}
