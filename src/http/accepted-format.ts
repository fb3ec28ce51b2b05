import { LIST_FORMATS, type ListFormat } from '../catalog/browse-params.ts'
import { parseWeights } from './encoding.ts'

const MEDIA_TYPES: Record<ListFormat, { type: string; family: string }> = {
  json: { type: 'application/json', family: 'application/*' },
  csv: { type: 'text/csv', family: 'text/*' },
  ndjson: { type: 'application/x-ndjson', family: 'application/*' },
}

/** The format that an `Accept` header wants most; JSON for one that wants none of them, as without one. */
export function acceptedFormat(header: string | undefined): ListFormat {
  if (header === undefined) return 'json'
  const weights = parseWeights(header)
  const weightOf = (format: ListFormat) => {
    const { type, family } = MEDIA_TYPES[format]
    return weights.get(type) ?? weights.get(family) ?? weights.get('*/*') ?? 0
  }
  return LIST_FORMATS.reduce((best, format) => (weightOf(format) > weightOf(best) ? format : best))
}
