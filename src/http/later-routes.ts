import type { AppContext } from './context.ts'
import type { Exchange } from './exchange.ts'
import type { Measured } from './metrics.ts'
import type { Routes } from './routes.ts'
import type { Target } from './target.ts'

/** How long after the start the routes are loaded where nobody has asked for one, in ms. */
const LOAD_AFTER_MS = 500

/**
 * All routes but the catalog's two. They are most of the program, Express with them, and a start need not wait for them: they
 * are loaded soon after it, or when the first of them is asked for.
 * @returns a promise only while they are being loaded
 */
export function laterRoutes(
  context: AppContext,
  measured: Measured,
): (exchange: Exchange, target: Target) => Promise<void> | undefined {
  let routes: Routes | undefined
  let loading: Promise<Routes> | undefined
  const load = async () => {
    const { otherRoutes } = await import('./routes.ts')
    routes ??= otherRoutes(context, measured)
    return routes
  }
  const loadOnce = () => {
    loading ??= load().catch((cause: unknown) => {
      // The next one who asks may have more luck, such as a file descriptor.
      loading = undefined
      throw cause
    })
    return loading
  }
  setTimeout(() => loadOnce().catch(() => {}), LOAD_AFTER_MS).unref()

  return (exchange, target) => {
    if (routes === undefined) return loadOnce().then((loaded) => loaded(exchange, target))
    routes(exchange, target)
    return undefined
  }
}
