import { CAPABILITIES } from '../src/db/capabilities.ts'
import { lastSegment, type Sample, type SampleEntry } from './entries.ts'
import type { Random } from './random.ts'

/** A URL of a load, and what a right answer has for a status. */
export interface Target {
  url: string
  status: 200 | 404
}

const LIST = '/api/v1/inference/catalog'
const HOT_DETAILS = 12
const HOT_QUERIES = [
  'claude',
  'gpt-4o',
  'gemini 2.5',
  'llama 70b',
  'k2',
  'o3',
  '3.5',
  'openrouter sonnet',
  'qwen',
]
const HOT_FILTERS = [
  '',
  'limit=100',
  'limit=5',
  'featured=true',
  'featured=true&capabilities=reasoning',
  'provider=openai',
  'provider=openrouter&limit=50',
  'provider=anthropic&capabilities=tool_call',
  'capabilities=reasoning,tool_call',
  'open_weights=true',
  'min_context=200000',
  'max_price=1',
  'min_price=0.1&max_price=2&capabilities=structured_output',
  'query=no-such-model-at-all',
]

/** The same lists and details over and over: what a picker shows first, and its popular models. 35 URLs. */
export function hotLoad(sample: Sample): Target[] {
  const lists = [...HOT_FILTERS, ...HOT_QUERIES.map((query) => `query=${encodeURIComponent(query)}`)]
  const step = Math.floor(sample.entries.length / HOT_DETAILS)
  const details = sample.entries.filter((_, place) => place % step === 0).slice(0, HOT_DETAILS)
  return [
    ...lists.map((query): Target => ({ url: query === '' ? LIST : `${LIST}?${query}`, status: 200 })),
    ...details.map(({ id }): Target => ({ url: detailUrl(id), status: 200 })),
  ]
}

export function isDetail({ url }: Target): boolean {
  return url.startsWith(`${LIST}/`)
}

/** What the cold load is mixed of, and of how many of a hundred requests. */
export const COLD_MIX = [
  ['words as they are typed', 40, typedWords],
  [
    'words and filters',
    22,
    (sample, random) => ({ ...typedWords(sample, random), ...someFilters(sample, random) }),
  ],
  ['words nothing matches', 9, noMatch],
  ['broad ranges', 13, broadRange],
  ['filters', 16, someFilters],
] as const satisfies [kind: string, percent: number, make: (sample: Sample, random: Random) => Params][]

type Params = Record<string, string>

/** A hundred ways, each as often as the mix has it. */
const COLD_DEALS = COLD_MIX.flatMap(([, percent, make]) => Array.from({ length: percent }, () => make))

/** As many distinct list URLs. */
export function coldLoad(count: number, sample: Sample, random: Random): Target[] {
  const urls = new Set<string>()
  while (urls.size < count) {
    const params = random.pick(COLD_DEALS)(sample, random)
    const isTaken = urls.has(listUrl(params))
    // What few can type, such as one letter, is asked for again with another limit.
    urls.add(
      listUrl(isTaken || random.chance(0.2) ? { ...params, limit: String(1 + random.int(100)) } : params),
    )
  }
  return [...urls].map((url) => ({ url, status: 200 }))
}

/** Ids that are nearly right: in another letter case, cut short, of another provider, with another ending. */
export function nearLoad(
  count: number,
  sample: Sample,
  known: ReadonlySet<string>,
  random: Random,
): Target[] {
  const urls = new Set<string>()
  while (urls.size < count) {
    const { id, provider } = random.pick(sample.entries)
    const modelId = id.slice(provider.length + 1)
    const near = random.pick([
      `${provider}/${random.chance(0.5) ? modelId.toUpperCase() : `${modelId.slice(0, -1)}${modelId.slice(-1).toUpperCase()}`}`,
      id.slice(0, -1 - random.int(3)),
      `${random.pick(sample.providers)}/${lastSegment(id)}`,
      `${id}-${random.int(100)}`,
    ])
    if (!known.has(near) && !near.endsWith('/')) urls.add(detailUrl(near))
  }
  return [...urls].map((url) => ({ url, status: 404 }))
}

function typedWords(sample: Sample, random: Random): Params {
  const entry = random.pick(sample.entries)
  const text = random.chance(0.5) ? (entry.name ?? entry.id) : lastSegment(entry.id)
  const words = text.split(/[\s/_-]+/).filter((word) => word !== '')
  const way = random.next()
  if (way < 0.6) return { query: typed(text, random) }
  if (way < 0.75) return { query: `${entry.provider} ${typed(text, random)}` }
  if (way < 0.9)
    return {
      query:
        words
          .slice(-1 - random.int(3))
          .toReversed()
          .join(' ') || text,
    }
  return { query: random.chance(0.5) ? entry.id : text }
}

/** A text as far as it is typed; every keystroke asks. */
function typed(text: string, random: Random): string {
  return text.slice(0, 1 + random.int(text.length)).trim() || text.trim()
}

function noMatch(sample: Sample, random: Random): Params {
  const nonsense = Array.from({ length: 4 + random.int(6) }, () => random.pick([...'qxzjvwkyu'])).join('')
  return { query: random.chance(0.5) ? nonsense : `${random.pick(sample.words.broad)} ${nonsense}` }
}

/** A range that most entries are in, its bound drawn anew. */
function broadRange(sample: Sample, random: Random): Params {
  const context = String(1_000 + random.int(60_000))
  return random.pick<Params>([
    { min_context: context },
    { max_context: String(900_000 + random.int(9_000_000)) },
    { min_price: (random.next() / 10).toFixed(6) },
    { max_price: (5 + random.next() * 100).toFixed(4) },
    { min_context: context, max_price: (5 + random.next() * 100).toFixed(4) },
    { min_context: context, capabilities: random.pick(CAPABILITIES) },
    { ...range(random.pick(sample.entries), random), min_price: '0' },
  ])
}

function someFilters(sample: Sample, random: Random): Params {
  const entry = random.pick(sample.entries)
  const params: Params = {}
  if (random.chance(0.4)) params.provider = entry.provider
  if (random.chance(0.5)) params.capabilities = someCapabilities(random)
  if (random.chance(0.3)) params.open_weights = String(random.chance(0.5))
  if (random.chance(0.5) || Object.keys(params).length === 0) Object.assign(params, range(entry, random))
  return params
}

function someCapabilities(random: Random): string {
  return CAPABILITIES.filter(() => random.chance(0.3)).join(',') || random.pick(CAPABILITIES)
}

function range({ limits, cost }: SampleEntry, random: Random): Params {
  const context = limits?.context || 100_000
  const price = Math.max(cost?.input ?? 0, cost?.output ?? 0) || 1
  return random.pick<Params>([
    { min_context: String(1 + random.int(context)) },
    { max_context: String(context + random.int(context)) },
    { max_price: (price * (0.5 + random.next())).toFixed(4) },
    { min_price: (price * random.next()).toFixed(5), max_price: (price * (1 + random.next())).toFixed(4) },
  ])
}

function listUrl(params: Params): string {
  return `${LIST}?${new URLSearchParams(params)}`
}

function detailUrl(id: string): string {
  return `${LIST}/${id.split('/').map(encodeURIComponent).join('/')}`
}
