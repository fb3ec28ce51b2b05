import type { Fault } from './fault.ts'
import { FETCH_TIMEOUT_S, must } from './scene.ts'
import type { Manner } from './upstream-server.ts'

const HANGS: readonly Manner[] = ['is silent', 'trickles']
/** What starting the process that fetches may add, in s. */
const START_S = 20

export const HANGING_UPSTREAM: Fault = {
  name: 'upstream hangs',
  async happen(scene) {
    const { upstream } = scene
    const shown: string[] = []
    upstream.source = scene.nextSource()
    for (const manner of HANGS) {
      upstream.manner = manner
      const before = upstream.accepted
      const started = performance.now()
      const { status, body } = await scene.refresh()
      const seconds = (performance.now() - started) / 1000
      must(upstream.accepted > before, 'nobody came to upstream')
      must(status === 504 && body.type === 'gateway_timeout_error', `${status} ${JSON.stringify(body)}`)
      must(seconds < FETCH_TIMEOUT_S + START_S, `it took ${seconds} s`)
      shown.push(
        `it ${manner}: ${upstream.accepted - before} connection, then ${status} after ${seconds.toFixed(1)} s: ${body.detail}`,
      )
    }
    upstream.manner = 'answers'
    const { status, body } = await scene.refresh()
    must(status === 200 && body.outcome === 'updated', `${status} ${JSON.stringify(body)}`)
    scene.nextIsIn()
    return [...shown, `it answers again: ${status} ${body.outcome}`]
  },
}
