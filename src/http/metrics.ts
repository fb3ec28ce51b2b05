import type { AppContext, Handler } from './context.ts'
import { send } from './exchange.ts'
import type { WriteMetrics } from './process-metrics.ts'
import type { Readiness } from './readiness.ts'

export const METRICS_PATH = '/metrics'

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** What the pipeline counts, and how it fares. */
export interface Measured {
  writeOwn: WriteMetrics
  isUnready: Readiness
}

/** Answers what Prometheus and its like collect, of all processes that serve. */
export function metricsHandler(context: AppContext, measured: Measured): Handler {
  // The writers are loaded on demand: most services are never asked.
  let writeService: ((measured: number) => Promise<string>) | undefined
  const all = () =>
    context.peers?.collect() ?? measured.writeOwn().then((text) => ({ workers: 1, texts: [text] }))

  return async (_request, response) => {
    const { workers, texts } = await all()
    const { joinMetrics } = await import('./process-metrics.ts')
    const { serviceMetrics } = await import('./metrics-text.ts')
    writeService ??= serviceMetrics(context, measured.isUnready)
    const text = joinMetrics([await writeService(workers), ...texts])
    const length = `${Buffer.byteLength(text)}`
    send(
      response.locals.exchange,
      200,
      ['Content-Type', CONTENT_TYPE, 'Content-Length', length, 'Cache-Control', 'no-store'],
      text,
    )
  }
}
