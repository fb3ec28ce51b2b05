import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { AnswerCache } from './answer-cache.ts'
import { DURATION_BOUNDS_S, type Traffic } from './traffic.ts'

/** What the pipeline of one process counts. */
export interface Counted {
  traffic: Traffic
  answers: AnswerCache
}

/** Writes metrics as Prometheus reads them. */
export type WriteMetrics = () => Promise<string>

const DURATION = 'modeldex_http_request_duration_seconds'

/**
 * Makes the function that writes what one process measures. Node's own are gathered from the first call on: who does not
 * read them does not pay for them.
 * @param worker tells it from those that it serves with
 */
export function processMetrics(counted: Counted | undefined, worker: string | undefined): WriteMetrics {
  const registry = new Registry()
  const labels = worker === undefined ? {} : { worker }
  registry.setDefaultLabels(labels)
  collectDefaultMetrics({ register: registry })
  if (counted === undefined) return () => registry.metrics()
  const update = trafficMetrics(registry, counted)
  return async () => {
    update()
    return `${await registry.metrics()}\n${durations(counted.traffic, labels)}`
  }
}

function trafficMetrics(registry: Registry, { traffic, answers }: Counted): () => void {
  const registers = [registry]
  const requests = new Counter({
    name: 'modeldex_http_requests_total',
    help: 'Answers by route and status. Route "none": refused before it came to a route, or there is none; code "none": the client was gone before.',
    labelNames: ['route', 'code'],
    registers,
  })
  const lookUps = new Counter({
    name: 'modeldex_answer_cache_requests_total',
    help: 'Requests for the catalog that were answered with a kept answer (hit) or anew (miss).',
    labelNames: ['result'],
    registers,
  })
  const bytes = new Gauge({
    name: 'modeldex_answer_cache_bytes',
    help: 'How much the kept answers take.',
    registers,
  })
  return () => {
    requests.reset()
    for (const [route, { codes }] of traffic.routes) {
      for (const [code, count] of codes) requests.inc({ route, code }, count)
    }
    const { hits, misses } = answers.counts()
    lookUps.reset()
    lookUps.inc({ result: 'hit' }, hits)
    lookUps.inc({ result: 'miss' }, misses)
    bytes.set(answers.size())
  }
}

/** Written by hand: the library's histogram only takes one duration at a time, which costs as much as an answer. */
function durations({ routes }: Traffic, labels: Record<string, string>): string {
  const lines = [
    `# HELP ${DURATION} From the head of a request to the end of its answer, by route.`,
    `# TYPE ${DURATION} histogram`,
  ]
  const own = Object.entries(labels).map(([name, value]) => `,${name}="${value}"`)
  for (const [route, { durations, seconds }] of routes) {
    const of = `route="${route}"${own.join('')}`
    let count = 0
    for (const [place, more] of durations.entries()) {
      count += more
      const bound = DURATION_BOUNDS_S[place] ?? '+Inf'
      lines.push(`${DURATION}_bucket{${of},le="${bound}"} ${count}`)
    }
    lines.push(`${DURATION}_sum{${of}} ${seconds}`)
    lines.push(`${DURATION}_count{${of}} ${count}`)
  }
  return `${lines.join('\n')}\n`
}

/** The texts of several processes as one: Prometheus wants all of a metric in one place, under one head. */
export function joinMetrics(texts: readonly string[]): string {
  const families = new Map<string, string[]>()
  for (const family of texts.flatMap((text) => text.split(/^(?=# HELP )/m))) {
    const [help, type, ...samples] = family.split('\n').filter((line) => line !== '')
    const head = `${help}\n${type}`
    families.set(head, [...(families.get(head) ?? []), ...samples])
  }
  return [...families].map(([head, samples]) => `${[head, ...samples].join('\n')}\n`).join('\n')
}
