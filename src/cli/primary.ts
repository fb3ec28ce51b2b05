import type { ConfigAndSecrets } from '../config.ts'
import { leaseSize } from '../http/leased-limit.ts'
import { ownMetrics } from '../http/own-metrics.ts'
import { quota } from '../http/rate-limit.ts'
import { openTokenStore } from '../http/tokens.ts'
import { ensureToken } from './first-token.ts'
import { openLog } from './log.ts'
import { gathering } from './measures.ts'
import type { Service } from './service.ts'
import { urlOf } from './serving.ts'
import { openUpkeep } from './upkeep.ts'
import type { Told } from './worker-channel.ts'
import { startWorkers, type Workers } from './workers.ts'

/** Keeps the catalog up, and several processes that serve it. It answers no request itself. */
export async function startPrimary({
  config,
  secrets,
}: ConfigAndSecrets): Promise<Service & Pick<Workers, 'lost'>> {
  const now = () => new Date()
  const { log, close } = openLog(config.logLevel)
  const closers: (() => void | Promise<void>)[] = [close]
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    let workers: Workers | undefined
    const told = (): Told => ({
      lastAttempt: upkeep.refresh.lastAttempt(),
      outcomes: upkeep.refresh.outcomes(),
      nextRefresh: upkeep.refresh.next()?.toISOString(),
    })
    const tellAll = () => workers?.tell({ told: told() })
    const upkeep = await openUpkeep(config, secrets, log, now, tellAll)
    closers.push(upkeep.close)
    const { host, port, workers: count, rateLimit } = config
    // Where nobody is limited, nobody asks.
    const quotas = { token: quota(rateLimit), address: quota(rateLimit) }
    const leased = leaseSize(rateLimit, count)
    const measures = gathering((round) => workers?.askMeasures(round) ?? 0, ownMetrics(undefined, 'primary'))
    workers = await startWorkers({
      ...{ count, port, log, told },
      answer(question) {
        switch (question.call) {
          case 'lease':
            return quotas[question.input.by](question.input.client, leased)
          case 'refresh':
            return upkeep.refresh.run()
          case 'snapshot':
            return upkeep.snapshots.current()
          case 'measures':
            return measures.gather()
          case 'measured':
            measures.hear(question.input)
            return null
        }
      },
    })
    closers.push(workers.stop, upkeep.stop)
    upkeep.begin()
    tellAll()
    const tokens = config.noAuth ? undefined : openTokenStore(config.tokensFile, secrets)
    const firstToken = await ensureToken(tokens, config.tokensFile, now())
    const { lost } = workers
    const url = urlOf(host, workers.port)
    return { url, dataset: upkeep.catalog.summary(), newToken: firstToken, stop, lost }
  } catch (error) {
    await stop()
    throw error
  }
}
