import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { AnswerCache } from './answer-cache.ts'
import type { AppContext } from './context.ts'
import { ageSeconds, type Readiness } from './readiness.ts'
import { DURATION_BOUNDS_S, type Traffic } from './traffic.ts'

/** What the pipeline counts, and how it fares. */
export interface Measured {
  traffic: Traffic
  answers: AnswerCache
  isUnready: Readiness
}

const DURATION = 'modeldex_http_request_duration_seconds'

/** Brings what a registry holds up to date. */
type Update = () => void

/**
 * Makes the function that writes all metrics as Prometheus reads them. Node's own are gathered from the first call on:
 * who does not read them does not pay for them.
 */
export function metricsWriter(context: AppContext, measured: Measured): () => Promise<string> {
  const registry = new Registry()
  const updates = [
    trafficMetrics(registry, measured),
    datasetMetrics(registry, context, measured.isUnready),
    refreshMetrics(registry, context),
  ]
  const program = gauge(registry, 'modeldex_info', 'The version of this program.', ['version'])
  program.set({ version: context.programVersion }, 1)
  collectDefaultMetrics({ register: registry })

  return async () => {
    for (const update of updates) update()
    return `${await registry.metrics()}\n${durations(measured.traffic)}`
  }
}

function trafficMetrics(registry: Registry, { traffic, answers }: Measured): Update {
  const requests = counter(
    registry,
    'modeldex_http_requests_total',
    'Answers by route and status. Route "none": refused before it came to a route, or there is none.',
    ['route', 'code'],
  )
  const lookUps = counter(
    registry,
    'modeldex_answer_cache_requests_total',
    'Requests for the catalog that were answered with a kept answer (hit) or anew (miss).',
    ['result'],
  )
  const bytes = gauge(registry, 'modeldex_answer_cache_bytes', 'How much the kept answers take.')
  return () => {
    requests.reset()
    for (const [route, { statuses }] of traffic.routes) {
      for (const [code, count] of statuses) requests.inc({ route, code }, count)
    }
    const { hits, misses } = answers.counts()
    lookUps.reset()
    lookUps.inc({ result: 'hit' }, hits)
    lookUps.inc({ result: 'miss' }, misses)
    bytes.set(answers.size())
  }
}

function datasetMetrics(registry: Registry, { catalog, now }: AppContext, isUnready: Readiness): Update {
  const ready = gauge(registry, 'modeldex_ready', '1 while /readyz answers 200, else 0.')
  const version = gauge(registry, 'modeldex_dataset_info', 'The dataset version.', ['version'])
  const age = gauge(registry, 'modeldex_dataset_age_seconds', 'Since the dataset was last fetched or read.')
  const providers = gauge(registry, 'modeldex_providers', 'Providers in the dataset.')
  const models = gauge(registry, 'modeldex_models', 'Models in the dataset.')
  const facts = () => {
    try {
      return catalog.dataset()
    } catch {
      return undefined
    }
  }
  return () => {
    ready.set(isUnready() === undefined ? 1 : 0)
    const dataset = facts()
    version.reset()
    if (dataset !== undefined) version.set({ version: dataset.version }, 1)
    age.set(dataset === undefined ? Number.NaN : ageSeconds(dataset.fetchedAt, now()))
    providers.set(dataset?.providers ?? Number.NaN)
    models.set(dataset?.models ?? Number.NaN)
  }
}

function refreshMetrics(registry: Registry, { refresh }: AppContext): Update {
  const runs = counter(registry, 'modeldex_refreshes_total', 'Refreshes by this process.', ['outcome'])
  const last = gauge(
    registry,
    'modeldex_last_refresh_timestamp_seconds',
    'When the last refresh began, by whichever process, and how it went.',
    ['outcome'],
  )
  return () => {
    runs.reset()
    for (const [outcome, count] of Object.entries(refresh.outcomes())) runs.inc({ outcome }, count)
    const attempt = refresh.lastAttempt()
    last.reset()
    if (attempt !== undefined) last.set({ outcome: attempt.outcome }, Date.parse(attempt.at) / 1000)
  }
}

function counter<Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: Label[] = [],
): Counter<Label> {
  return new Counter({ name, help, labelNames, registers: [registry] })
}

function gauge<Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: Label[] = [],
): Gauge<Label> {
  return new Gauge({ name, help, labelNames, registers: [registry] })
}

/** Written by hand: the library's histogram only takes one duration at a time, which costs as much as an answer. */
function durations({ routes }: Traffic): string {
  const lines = [
    `# HELP ${DURATION} From the head of a request to the end of its answer, by route.`,
    `# TYPE ${DURATION} histogram`,
  ]
  for (const [route, { durations, seconds }] of routes) {
    let count = 0
    for (const [place, more] of durations.entries()) {
      count += more
      const bound = DURATION_BOUNDS_S[place] ?? '+Inf'
      lines.push(`${DURATION}_bucket{route="${route}",le="${bound}"} ${count}`)
    }
    lines.push(`${DURATION}_sum{route="${route}"} ${seconds}`)
    lines.push(`${DURATION}_count{route="${route}"} ${count}`)
  }
  return `${lines.join('\n')}\n`
}
