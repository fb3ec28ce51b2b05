import type { Overlay } from '../source/overlay.ts'
import { setAsideInfinite, type Upstream, type UpstreamProvider } from '../source/upstream.ts'
import type { Build } from './build.ts'
import { type Fingerprint, fingerprintOf } from './canonical.ts'
import { inStandingOrder, type Placed, parseCuration } from './order.ts'
import { mergeOverlay, type OverlayTrace } from './overlay.ts'

/** What a catalog is made with besides its source. */
export interface Making {
  build: Build
  overlay: Overlay | undefined
}

/** A catalog ready to be written: in the standing order and no longer by provider, so that it is not in memory twice. */
export interface Arranged extends Fingerprint, Pick<Upstream, 'setAside' | 'whole'> {
  providers: Pick<UpstreamProvider, 'id' | 'head'>[]
  placed: Placed[]
  /** The ids of upstream's models, whatever the overlay makes of them. */
  sent: { has(id: string): boolean; size: number }
  /** What the overlay did; undefined without one. */
  trace: OverlayTrace | undefined
}

/** @throws AppError `bad_gateway` when no model is left */
export function arrange(sent: Upstream, making: Making): Arranged {
  const { finite, upstream, trace, fingerprint } = mergeFinite(sent, making)
  return {
    ...fingerprint,
    trace,
    sent: trace ? modelIdsOf(finite) : fingerprint.digests,
    setAside: upstream.setAside,
    whole: upstream.whole,
    providers: upstream.providers.map(({ id, head }) => ({ id, head })),
    placed: inStandingOrder(upstream.providers, parseCuration(making.build)),
  }
}

/** The ids of all models, each with its provider's. */
export function modelIdsOf({ providers }: Pick<Upstream, 'providers'>): Set<string> {
  return new Set(providers.flatMap(({ id, models }) => models.map(([modelId]) => `${id}/${modelId}`)))
}

interface Merged {
  /** What upstream sent and can be stored. */
  finite: Upstream
  upstream: Upstream
  trace: OverlayTrace | undefined
  fingerprint: Fingerprint
}

/** Infinite numbers show only where every value is looked at anyway. */
function mergeFinite(sent: Upstream, making: Making): Merged {
  try {
    return merge(sent, making)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return merge(setAsideInfinite(sent), making)
  }
}

function merge(sent: Upstream, { overlay }: Making): Merged {
  const { upstream, trace } = overlay ? mergeOverlay(sent, overlay) : { upstream: sent, trace: undefined }
  return { finite: sent, upstream, trace, fingerprint: fingerprintOf(upstream) }
}
