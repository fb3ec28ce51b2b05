import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { type Random, randomFrom } from '../../bench/random.ts'
import { listDigest } from '../list-digest.ts'

/** How many models every catalog of the run has: enough that an ingest takes a while, and an answer holds a part of them. */
export const MODELS = 1_000

/** A question of the load, and how to read from a whole answer of which catalog it is. */
export interface Ask {
  path: string
  /** @throws Error when the answer is not whole, or of more than one catalog */
  generationOf(body: string): number
}

interface Priced {
  cost: { input: number; output: number }
}

interface Listed {
  models: Priced[]
  total: number
}

const API = '/api/v1/inference'
const PAGE = 50

/** The questions of one client, for ever; the same number asks the same ones. */
export function* asksOf(client: number): Generator<Ask, never> {
  const random = randomFrom(client)
  while (true) yield random.pick(KINDS)(random)
}

const KINDS: readonly ((random: Random) => Ask)[] = [
  () => ({ path: `${API}/catalog?limit=100`, generationOf: (body) => listed(body, 100, MODELS) }),
  (random) => ({
    path: `${API}/models?limit=${PAGE}&offset=${random.int(MODELS - PAGE)}&sort=price`,
    generationOf: (body) => listed(body, PAGE, MODELS),
  }),
  (random) => ({ path: `${API}/catalog/acme/model-${random.int(MODELS)}`, generationOf: one }),
  (random) => ({
    path: `${API}/catalog?query=model-${100 + random.int(MODELS - 100)}`,
    generationOf: (body) => listed(body, 1, 1),
  }),
  () => ({ path: `${API}/catalog?min_price=0&limit=10`, generationOf: (body) => listed(body, 10, MODELS) }),
]

function listed(body: string, count: number, total: number): number {
  const answer = JSON.parse(body) as Listed
  if (answer.models.length !== count || answer.total !== total) {
    throw new Error(`${answer.models.length} models of ${answer.total}, not ${count} of ${total}`)
  }
  const [generation, ...others] = new Set(answer.models.flatMap(({ cost }) => [cost.input, cost.output]))
  if (generation === undefined || others.length > 0) throw new Error('models of several catalogs')
  return generation
}

function one(body: string): number {
  const { cost } = JSON.parse(body) as Priced
  if (cost.input !== cost.output) throw new Error('prices of several catalogs')
  return cost.input
}

/** Of which catalog each dataset version is, as far as answers have told. */
const generations = new Map<string, number>()

/**
 * Tells of which catalog an answer is.
 * @throws Error when it is not whole: cut, mixed, or other than its own headers say
 */
export function generationOf({ generationOf }: Ask, headers: IncomingHttpHeaders, body: string): number {
  const tag = tagOf(body)
  if (headers.etag !== tag) throw new Error(`a body whose tag is ${tag}, not ${headers.etag}`)
  const generation = generationOf(body)
  const version = String(headers['x-dataset-version'])
  const known = generations.get(version) ?? generation
  generations.set(version, known)
  if (known !== generation) throw new Error(`version ${version} is of catalog ${known}, not of ${generation}`)
  return generation
}

/** The tag that a body has, in its quotes. What is no JSON as it would be written has none of those that a service sends. */
export function tagOf(body: string): string {
  const isList = body.startsWith('{"models":[') && isWhole(body)
  const digest = isList ? listDigest(body) : hash('sha256', body, 'base64url')
  return `"${digest.slice(0, 22)}"`
}

function isWhole(body: string): boolean {
  try {
    return JSON.stringify(JSON.parse(body)) === body
  } catch {
    return false
  }
}
