// Holds a running service against the oracle, request by request.
import fc from 'fast-check'
import type { Answer, Oracle } from './contract.ts'
import type { GeneratedRequest } from './generators.ts'
import type { Fault } from './params.ts'

interface Service {
  baseUrl: string
  token: string
  /** The day to ask about; the oracle's catalog is of then. */
  at?: string
}

interface Reply {
  status: number
  body: Record<string, unknown>
}

const requestsAtOnce = 8

/** The cases that were run; throws about the first one that differs, made as small as it gets. */
export async function holdAll(
  service: Service,
  oracle: Oracle,
  arbitrary: fc.Arbitrary<GeneratedRequest>,
  run: { seed: number; numRuns: number },
): Promise<GeneratedRequest[]> {
  const cases = fc.sample(arbitrary, run)
  const differences = await inParallel(cases, (request) => difference(service, oracle, request))
  const first = differences.findIndex((found) => found !== null)
  if (first === -1) return cases
  const count = differences.filter((found) => found !== null).length
  const property = fc.asyncProperty(arbitrary, async (request) => {
    const found = await difference(service, oracle, request)
    if (found !== null) throw new Error(found)
  })
  const endOnFailure = process.env.ORACLE_SHRINK === 'no'
  const options = { seed: run.seed, path: String(first), endOnFailure, interruptAfterTimeLimit: 20_000 }
  await fc.assert(property, options).catch((error: unknown) => {
    const text = error instanceof Error ? `${error.message}\n${error.cause ?? ''}` : String(error)
    throw new Error(
      `${count} of ${cases.length} cases differ (ORACLE_SEED=${run.seed}), the first one:\n${text}`,
    )
  })
  throw new Error(`Case ${first} of seed ${run.seed} differed once and not again:\n${differences[first]}`)
}

/** What the service answers otherwise than the contract, or null. */
export async function difference(
  service: Service,
  oracle: Oracle,
  request: GeneratedRequest,
): Promise<string | null> {
  const at = service.at === undefined ? '' : `&at=${service.at}`
  const path = `/api/v1/inference/catalog${queryString(request)}${at}`
  const reply = await get(service, path)
  const problem = compare(oracle, request, oracle.answer(request.pairs), reply)
  return problem === null ? null : `GET ${path}\n${JSON.stringify(request.pairs)}\n${problem}`
}

/** The same request always comes in the same one, so that a failing case can be made shorter. */
const CODINGS = ['identity', 'gzip', 'br'] as const

export async function get({ baseUrl, token }: Service, path: string): Promise<Reply> {
  const coding = CODINGS[path.length % CODINGS.length] ?? 'identity'
  const response = await fetch(baseUrl + path, {
    headers: { authorization: `Bearer ${token}`, 'accept-encoding': coding },
  })
  const body: unknown = await response.json()
  return { status: response.status, body: isRecord(body) ? body : { body } }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function queryString({ pairs, plus }: GeneratedRequest): string {
  const encode = (text: string) => encodeURIComponent(text).replaceAll('%20', plus ? '+' : '%20')
  return `?${pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')}`
}

function compare(oracle: Oracle, request: GeneratedRequest, expected: Answer, reply: Reply): string | null {
  if (reply.status !== expected.status)
    return `status: expected ${brief(expected)}, got ${reply.status} ${JSON.stringify(reply.body).slice(0, 600)}`
  if (expected.status === 200) return comparePages(oracle, request, expected, reply.body)
  const { code, detail, type, errors } = reply.body
  if (code !== expected.status) return `code: ${code}`
  if (typeof detail !== 'string') return `detail: ${JSON.stringify(detail)}`
  if (expected.status === 422) return compareFaults(expected.faults, reply.body)
  if (type !== 'invalid_error') return `type: expected invalid_error, got ${type}`
  if (errors !== undefined) return 'errors: only a 422 has them'
  const unnamed = expected.values.filter((value) => !detail.includes(value) && !detail.includes(plain(value)))
  return unnamed.length === 0 ? null : `detail does not name ${unnamed}: ${detail}`
}

function brief(expected: Answer): string {
  if (expected.status === 200) return `200 with ${expected.total} matches`
  return JSON.stringify(expected)
}

/** A number as a service may show it that has read it. */
function plain(value: string): string {
  return /^[+-]?[0-9]+$/.test(value) ? String(BigInt(value.replace('+', ''))) : String(Number(value))
}

function compareFaults(faults: Fault[], body: Record<string, unknown>): string | null {
  const items = Array.isArray(body.errors) ? body.errors : []
  const wanted = JSON.stringify(faults)
  const got = JSON.stringify(items.map(({ loc, type }) => ({ loc, type })))
  if (body.type !== 'validation_error') return `type: expected validation_error, got ${body.type}`
  if (got !== wanted) return `errors: expected ${wanted}\ngot ${got}`
  if (!items.every(({ msg }) => typeof msg === 'string' && msg !== ''))
    return `a msg is missing: ${body.detail}`
  const detail = items.map(({ loc, msg }) => `${loc[1]}: ${msg}`).join('; ')
  return body.detail === detail ? null : `detail: expected ${detail}\ngot ${body.detail}`
}

function comparePages(
  oracle: Oracle,
  { pairs }: GeneratedRequest,
  expected: Answer & { status: 200 },
  body: Record<string, unknown>,
): string | null {
  const { status: _, ...wanted } = expected
  if (JSON.stringify(body) === JSON.stringify(wanted)) return null
  const models = Array.isArray(body.models) ? body.models : []
  const length = Math.max(models.length, wanted.models.length)
  for (let position = 0; position < length; position += 1) {
    const left = wanted.models[position]
    const right = models[position]
    if (JSON.stringify(left) === JSON.stringify(right)) continue
    const head = `total: expected ${wanted.total}, got ${body.total}\nmodels[${position}] differs:`
    if (left?.id === right?.id)
      return `${head}\nexpected ${JSON.stringify(left)}\ngot      ${JSON.stringify(right)}`
    const why = (id: unknown) => (typeof id === 'string' ? oracle.explain(pairs, id) : 'nothing')
    return `${head}\nexpected ${why(left?.id)}\ngot      ${why(right?.id)}`
  }
  return `same page, but ${JSON.stringify({ ...body, models: '…' })} instead of total ${wanted.total}`
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: requestsAtOnce }, worker))
  return results
}
