import { openCatalog } from '../catalog/catalog.ts'
import type { ConfigAndSecrets } from '../config.ts'
import { leasedLimiter } from '../http/leased-limit.ts'
import { readAttempt } from '../ingest/refresh-file.ts'
import { openLog } from './log.ts'
import { optimizeSoon } from './optimizing.ts'
import { laterAttempt, NO_OUTCOMES } from './refresher.ts'
import { startServing } from './serving.ts'
import { connectToPrimary, type Told } from './worker-channel.ts'

/** Serves as one of several processes, until the primary says stop or this process is told to. */
export async function serveAsWorker({ config, secrets }: ConfigAndSecrets): Promise<void> {
  const stopped = Promise.withResolvers<void>()
  // A key pressed in a terminal reaches all its processes: the primary has it too, and decides.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', stopped.resolve)
  let told: Told = { lastAttempt: undefined, outcomes: NO_OUTCOMES, nextRefresh: undefined }
  const measuring = Promise.withResolvers<() => Promise<string>>()
  const primary = connectToPrimary({
    told: (latest) => {
      told = latest
    },
    measure(round) {
      // What cannot be told is missed by whoever asks.
      const tell = async (measure: () => Promise<string>) =>
        primary.call('measured', { round, text: await measure() })
      measuring.promise.then(tell).catch(() => {})
    },
    stop: stopped.resolve,
  })
  try {
    const { worker, port, ...begin } = await primary.call('begin', null)
    told = begin.told
    const { log, close } = openLog(config.logLevel)
    const catalog = openCatalog(config.db)
    const serving = await startServing({
      config: { ...config, port },
      secrets,
      catalog,
      refresh: {
        run: () => primary.call('refresh', null),
        lastAttempt: () => laterAttempt(readAttempt(config.db), told.lastAttempt),
        outcomes: () => told.outcomes,
        next: () => (told.nextRefresh === undefined ? undefined : new Date(told.nextRefresh)),
      },
      snapshots: { current: () => primary.call('snapshot', null) },
      rateLimiters: {
        token: leasedLimiter((client) => primary.call('lease', { by: 'token', client })),
        address: leasedLimiter((client) => primary.call('lease', { by: 'address', client })),
      },
      peers: {
        name: `${worker}`,
        offer: measuring.resolve,
        collect: () => primary.call('measures', null),
      },
      log: log.child({ worker }),
      now: () => new Date(),
    })
    optimizeSoon()
    await stopped.promise
    await serving.stop()
    catalog.close()
    close()
  } finally {
    // Nothing else keeps the process alive.
    process.channel?.unref()
  }
}
