import type { RequestListener } from 'node:http'
import { admission, counting } from './admission.ts'
import { answerCache } from './answer-cache.ts'
import { catalogRoutes } from './catalog.ts'
import { commonHeaders, securityHeaders } from './common-headers.ts'
import type { AppContext } from './context.ts'
import { answerPreflight, isPreflight } from './cors.ts'
import { answerError, noSuchRoute } from './errors.ts'
import { type Exchange, newExchange } from './exchange.ts'
import { requestFollower } from './follow-request.ts'
import { laterRoutes } from './later-routes.ts'
import { ownMetrics } from './own-metrics.ts'
import { probes } from './probes.ts'
import { readiness } from './readiness.ts'
import { parseTarget } from './target.ts'
import { newTraffic } from './traffic.ts'

/** The whole pipeline, in the contract's order of checks. */
export function createApp(context: AppContext): RequestListener {
  const { config, log, peers } = context
  const security = securityHeaders()
  const headersFor = commonHeaders(config)
  const count = counting(context)
  const admit = admission(context)
  const answers = answerCache(context.catalog)
  const traffic = newTraffic()
  const follow = requestFollower(traffic, log)
  const isUnready = readiness(context)
  const answerProbe = probes(isUnready)
  const answerCatalog = catalogRoutes(context, answers)
  const writeOwn = ownMetrics({ traffic, answers }, peers?.name)
  // Before anyone asks: another process may be asked for the metrics of all first.
  peers?.offer(writeOwn)
  const answerOthers = laterRoutes(context, { writeOwn, isUnready })

  /** Waits only where the counts are with another process, now and then, and while routes are being loaded. */
  const answer = (exchange: Exchange): Promise<void> | undefined => {
    if (config.corsOrigins !== undefined && isPreflight(exchange)) {
      answerPreflight(exchange)
      return undefined
    }
    if (answerProbe(exchange)) return undefined
    const counted = count(exchange)
    if (counted !== undefined) return counted.then(() => answerCounted(exchange))
    return answerCounted(exchange)
  }
  const answerCounted = (exchange: Exchange): Promise<void> | undefined => {
    const access = admit(exchange)
    if (answerCatalog(exchange)) return undefined
    const target = parseTarget(exchange.url)
    // A route that access.ts does not list is not there.
    if (access === undefined) throw noSuchRoute(exchange)
    return answerOthers(exchange, target)
  }

  return (request, response) => {
    const exchange = newExchange(request, response, security, headersFor(request))
    follow(exchange)
    try {
      answer(exchange)?.catch((error) => answerError(exchange, error, log))
    } catch (error) {
      answerError(exchange, error, log)
    }
  }
}
