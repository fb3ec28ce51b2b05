import type { Counted, WriteMetrics } from './process-metrics.ts'

/**
 * Makes the function that writes what this process measures. What it takes is loaded by the first who asks: most services
 * are never asked.
 * @param counted undefined for one that answers no requests
 * @param worker tells it from those that it serves with
 */
export function ownMetrics(counted: Counted | undefined, worker: string | undefined): WriteMetrics {
  let write: WriteMetrics | undefined
  return async () => {
    const { processMetrics } = await import('./process-metrics.ts')
    write ??= processMetrics(counted, worker)
    return write()
  }
}
