/** Writes JSON with its members in the order that models.dev has: equal content is equal bytes, and reads as upstream's. */

const PRICES = [
  'input',
  'output',
  'reasoning',
  'cache_read',
  'cache_write',
  'input_audio',
  'output_audio',
  'tiers',
  'context_over_200k',
  'tier',
]

/** By the name of the object; what is not listed comes behind, sorted. */
const ORDERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['provider', ['id', 'env', 'npm', 'api', 'name', 'doc']],
  [
    'model',
    [
      'id',
      'name',
      'description',
      'family',
      'attachment',
      'reasoning',
      'reasoning_options',
      'tool_call',
      'interleaved',
      'structured_output',
      'temperature',
      'knowledge',
      'release_date',
      'last_updated',
      'modalities',
      'open_weights',
      'limit',
      'status',
      'provider',
      'experimental',
      'cost',
      'canonical_model_id',
    ],
  ],
  ['reasoning_options', ['type', 'values', 'min', 'max']],
  ['modalities', ['input', 'output']],
  ['limit', ['context', 'input', 'output']],
  ['cost', PRICES],
  ['tiers', PRICES],
  ['context_over_200k', PRICES],
  ['tier', ['type', 'size']],
])

/** The text of a value of JSON. `name` says which order an object, or each object of a list, has. */
export function textOf(name: string, value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => textOf(name, item)).join()}]`
  if (typeof value === 'object' && value !== null) return objectText(name, value)
  return JSON.stringify(value)
}

/** The text of an object, with further members behind its own. */
export function objectText(
  name: string,
  object: object,
  further: readonly (readonly [key: string, text: string])[] = [],
): string {
  const order = ORDERS.get(name) ?? []
  const members = Object.entries(object)
    .map(([key, value]) => ({ key, value, place: order.indexOf(key) }))
    .sort((a, b) => rank(a.place) - rank(b.place) || (a.key < b.key ? -1 : 1))
    .map(({ key, value }) => [key, textOf(key, value)] as const)
  return `{${[...members, ...further].map(([key, text]) => `${JSON.stringify(key)}:${text}`).join()}}`
}

function rank(place: number): number {
  return place < 0 ? Number.MAX_SAFE_INTEGER : place
}
