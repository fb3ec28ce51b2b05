import type { AppContext, Handler } from './context.ts'
import { send } from './exchange.ts'
import type { Measured } from './metrics-text.ts'

export const METRICS_PATH = '/metrics'

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Answers what Prometheus and its like collect. */
export function metricsHandler(context: AppContext, measured: Measured): Handler {
  let write: (() => Promise<string>) | undefined
  return async (_request, response) => {
    // Loaded here: most that are open are never asked.
    const { metricsWriter } = await import('./metrics-text.ts')
    write ??= metricsWriter(context, measured)
    const text = await write()
    const length = `${Buffer.byteLength(text)}`
    send(
      response.locals.exchange,
      200,
      ['Content-Type', CONTENT_TYPE, 'Content-Length', length, 'Cache-Control', 'no-store'],
      text,
    )
  }
}
