import { Counter, Gauge, Registry } from 'prom-client'
import type { AppContext } from './context.ts'
import { ageSeconds, type Readiness } from './readiness.ts'

/** Brings what a registry holds up to date. */
type Update = () => void

/** Makes the function that writes what is true of the whole service, however many processes serve. */
export function serviceMetrics(
  context: AppContext,
  isUnready: Readiness,
): (measured: number) => Promise<string> {
  const registry = new Registry()
  const updates = [datasetMetrics(registry, context, isUnready), refreshMetrics(registry, context)]
  const program = gauge(registry, 'modeldex_info', 'The version of this program.', ['version'])
  program.set({ version: context.programVersion }, 1)
  gauge(registry, 'modeldex_workers', 'Processes that are to serve.').set(context.config.workers)
  const measuring = gauge(registry, 'modeldex_workers_measured', 'Those whose metrics are among these.')

  return (measured) => {
    for (const update of updates) update()
    measuring.set(measured)
    return registry.metrics()
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
  const runs = counter(registry, 'modeldex_refreshes_total', 'Refreshes by this service.', ['outcome'])
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
