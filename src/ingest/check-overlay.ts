import { openForReading, opening, withDatabase } from '../db/open.ts'
import type { Overlay } from '../source/overlay.ts'
import { MODEL_FIELD_NAMES, PROVIDER_FIELD_NAMES } from '../source/schema.ts'
import type { Upstream } from '../source/upstream.ts'
import { modelIdsOf } from './arrange.ts'
import { peek } from './dataset.ts'
import { allFieldsOf, fieldsOf } from './merge-patch.ts'
import { mergeOverlay } from './overlay.ts'
import { readUpstreamBack } from './overlay-tables.ts'
import type { Json } from './rows.ts'

/** What an overlay would do to the catalog that a file holds. */
export interface OverlayCheck {
  /** Models that it adds, changes and takes out. */
  added: number
  changed: number
  takenOut: number
  /** What is well-formed, but hardly meant. */
  warnings: string[]
}

/**
 * Holds an overlay against the catalog of a file; nothing is written.
 * @returns undefined where the file holds no catalog of this program's schema
 * @throws AppError `bad_gateway` when the overlay leaves no model
 */
export function checkOverlay(file: string, overlay: Overlay): OverlayCheck | undefined {
  const upstream = opening(file, () =>
    withDatabase(openForReading(file), (db) => peek(db, file) && readUpstreamBack(db)),
  )
  if (upstream === undefined) return undefined
  const { upstream: merged, trace } = mergeOverlay(upstream, overlay)
  const before = modelIdsOf(upstream)
  const after = modelIdsOf(merged)
  const warnings = [
    ...trace.notices.map(({ what, why }) => `${what}: ${why}`),
    ...trace.idle.map((pattern) => `${pattern}: names nothing that upstream has`),
    ...unknownFields(upstream, overlay),
  ]
  if (overlay.allow !== undefined && ![...after].some((id) => before.has(id)))
    warnings.push('allow: leaves nothing of upstream')
  return {
    added: [...after].filter((id) => !before.has(id)).length,
    changed: [...trace.originals.keys()].filter((id) => before.has(id) && after.has(id)).length,
    takenOut: [...before].filter((id) => !after.has(id)).length,
    warnings,
  }
}

/** A field that nothing in the catalog has is most likely misspelt. */
function unknownFields({ providers }: Upstream, { add, override }: Overlay): string[] {
  const heads = namesIn(
    PROVIDER_FIELD_NAMES,
    providers.map(({ head }) => head),
  )
  const models = namesIn(
    MODEL_FIELD_NAMES,
    providers.flatMap((provider) => provider.models.map(([, model]) => model)),
  )
  const warnings: string[] = []
  const look = (what: string, object: Json | null, known: ReadonlySet<string>) => {
    for (const [field] of fieldsOf(object ?? {}))
      if (!known.has(field)) warnings.push(`${what}: ${field}: a field that nothing in the catalog has`)
  }
  for (const [section, overlaid] of [
    ['add', add],
    ['override', override],
  ] as const) {
    for (const [id, provider] of overlaid) {
      look(`${section} ${id}`, provider.head, heads)
      for (const [modelId, model] of provider.models) look(`${section} ${id}/${modelId}`, model, models)
    }
  }
  return warnings
}

function namesIn(known: readonly string[], objects: readonly Json[]): Set<string> {
  const names = new Set(known)
  for (const object of objects) for (const [field] of allFieldsOf(object)) names.add(field)
  return names
}
