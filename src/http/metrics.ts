import type { AppContext, Handler } from './context.ts'
import { send } from './exchange.ts'
import type { Counted, WriteMetrics } from './process-metrics.ts'
import type { Readiness } from './readiness.ts'

export const METRICS_PATH = '/metrics'

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** What the pipeline counts, and how it fares. */
export interface Measured extends Counted {
  isUnready: Readiness
}

/** Answers what Prometheus and its like collect, of all processes that serve. */
export function metricsHandler(context: AppContext, measured: Measured): Handler {
  const { peers } = context
  let writeOwn: WriteMetrics | undefined
  let writeService: ((measured: number) => Promise<string>) | undefined
  // The writers are loaded on demand: most services are never asked.
  const own = async () => {
    const { processMetrics } = await import('./process-metrics.ts')
    writeOwn ??= processMetrics(measured, peers?.name)
    return writeOwn()
  }
  peers?.offer(own)
  const all = () => peers?.collect() ?? own().then((text) => ({ workers: 1, texts: [text] }))

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
