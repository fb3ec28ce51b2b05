import { hash } from 'node:crypto'
import { AppError } from '../errors.ts'
import type { OverlaidProvider, Overlay } from '../source/overlay.ts'
import { type Patterns, patterns } from '../source/patterns.ts'
import type { UpstreamModel } from '../source/schema.ts'
import type { Upstream, UpstreamProvider } from '../source/upstream.ts'
import { canonicalJson } from './canonical.ts'
import { fieldsOf, patched } from './merge-patch.ts'
import type { Json } from './rows.ts'

/** Something in an overlay that does not have the effect it was written for. */
export interface OverlayNotice {
  /** Which part of the overlay: `override acme/model`. */
  what: string
  why: string
}

/** A field that an overlay decides: of a model, or of a provider under the provider's id. */
interface OverlaidField {
  id: string
  field: string
  /** Undefined where the field was removed. */
  value: unknown
}

/** What a merge did, as far as it takes to tell of it and to undo it. */
export interface OverlayTrace {
  fields: OverlaidField[]
  /** What upstream sent, for all that the overlay touched, by id: undefined for what it has not. */
  originals: Map<string, Json | undefined>
  notices: OverlayNotice[]
  /** Patterns of the two lists that name nothing upstream has. */
  idle: string[]
}

export interface MergedCatalog {
  upstream: Upstream
  trace: OverlayTrace
}

const NOTHING: OverlaidProvider = { head: {}, models: new Map() }

/** Tells one overlay from another, whatever file and format it came in. */
export function digestOfOverlay(overlay: Overlay | undefined): string | null {
  return overlay === undefined ? null : hash('sha256', canonicalJson(overlay.content))
}

/**
 * Upstream's catalog as an overlay has it. What the file adds stands as it is written; of upstream's, what is denied, not
 * allowed or removed goes, and the rest is overridden field by field.
 * @throws AppError `bad_gateway` when no model is left
 */
export function mergeOverlay(upstream: Upstream, overlay: Overlay): MergedCatalog {
  const trace: OverlayTrace = { fields: [], originals: new Map(), notices: [], idle: [] }
  const allow = overlay.allow && patterns(overlay.allow)
  const deny = patterns(overlay.deny)
  const merge = { overlay, trace, whole: upstream.whole, lists: { allow, deny } }
  const providers = upstream.providers.flatMap((provider) => mergedProvider(provider, merge))
  const known = new Set(upstream.providers.map(({ id }) => id))
  for (const [id, added] of overlay.add) if (!known.has(id)) providers.push(newProvider(id, added, trace))
  for (const [id, { models }] of overlay.override) {
    if (!known.has(id)) noteUnmet(id, models.keys(), 'upstream has no such provider', trace)
  }
  trace.idle.push(...(allow?.idle() ?? []).map((pattern) => `allow ${pattern}`))
  trace.idle.push(...deny.idle().map((pattern) => `deny ${pattern}`))
  if (!providers.some(({ models }) => models.length > 0)) {
    throw new AppError(
      'bad_gateway',
      'the overlay leaves no model: what it allows and denies is all there is',
    )
  }
  // Whatever order upstream comes in, equal content is equal bytes in the file.
  trace.notices.sort((a, b) => (a.what < b.what ? -1 : 1))
  return { upstream: { ...upstream, providers }, trace }
}

interface Merge {
  overlay: Overlay
  trace: OverlayTrace
  whole: Upstream['whole']
  lists: { allow: Patterns | undefined; deny: Patterns }
}

/** A provider of upstream's with what is left of its models and what is added; none where neither is there. */
function mergedProvider({ id, head, models }: UpstreamProvider, merge: Merge): UpstreamProvider[] {
  const { overlay, trace, lists } = merge
  const added = overlay.add.get(id) ?? NOTHING
  const override = overlay.override.get(id) ?? NOTHING
  const isDenied = lists.deny.provider(id)
  const isAllowed = lists.allow?.provider(id) ?? true
  const isRemoved = override.head === null
  const known = new Set(models.map(([modelId]) => modelId))
  const kept = models.flatMap(([modelId, model]): UpstreamProvider['models'] => {
    const fullId = `${id}/${modelId}`
    const patch = override.models.get(modelId)
    // Both lists are asked about every model, so that it is known which patterns name nothing.
    const isOnDenied = lists.deny.model(fullId) || isDenied
    const isOnAllowed = lists.allow?.model(fullId) || isAllowed
    const isOut = isOnDenied || !isOnAllowed || isRemoved || patch === null
    const fate = { isOut, isOwn: added.models.has(modelId), patch }
    const merged = mergedModel(fullId, model, fate, merge)
    return merged === undefined ? [] : [[modelId, merged]]
  })
  const unmet = [...override.models.keys()].filter((modelId) => !known.has(modelId))
  if (unmet.length > 0) noteUnmet(id, unmet, 'upstream has no such model', trace)
  const own = addedModels(id, added, known, trace)
  const isOut = isDenied || !isAllowed || isRemoved || models.length > 0
  if (kept.length + own.length === 0 && isOut) {
    trace.originals.set(id, head)
    if (saysAnything(override.head)) trace.notices.push({ what: `override ${id}`, why: LEFT_OUT })
    return []
  }
  return [{ id, head: mergedHead(id, head, added, override, trace), models: [...kept, ...own] }]
}

const LEFT_OUT = 'the lists leave it out'
const ADDED_HERE = 'the overlay adds it itself: say it there'

interface Fate {
  isOut: boolean
  /** Whether the overlay adds this very model. */
  isOwn: boolean
  patch: Json | null | undefined
}

/** What becomes of a model of upstream's; undefined where it goes. */
function mergedModel(
  id: string,
  model: UpstreamModel,
  { isOut, isOwn, patch }: Fate,
  { trace, whole }: Merge,
): UpstreamModel | undefined {
  if (!isOut && !isOwn && !patch) return model
  trace.originals.set(id, model)
  if (isOwn) trace.notices.push({ what: `add ${id}`, why: 'upstream has it too: what is added stands' })
  if (!isOut && !isOwn && patch) return overridden(id, whole(model), patch, trace)
  if (patch) trace.notices.push({ what: `override ${id}`, why: isOwn ? ADDED_HERE : LEFT_OUT })
  return undefined
}

function mergedHead(
  id: string,
  head: Json,
  added: OverlaidProvider,
  override: OverlaidProvider,
  trace: OverlayTrace,
): Json {
  const isOwn = saysAnything(added.head)
  if (!isOwn && override.head !== null && !saysAnything(override.head)) return head
  trace.originals.set(id, head)
  if (isOwn) {
    trace.notices.push({ what: `add ${id}`, why: 'upstream has it too: what is added stands' })
    if (saysAnything(override.head)) trace.notices.push({ what: `override ${id}`, why: ADDED_HERE })
    return addedFields(id, added.head ?? {}, trace)
  }
  return override.head === null ? {} : overridden(id, head, override.head, trace)
}

function saysAnything(head: Json | null): boolean {
  return head !== null && Object.keys(head).length > 0
}

function newProvider(id: string, added: OverlaidProvider, trace: OverlayTrace): UpstreamProvider {
  trace.originals.set(id, undefined)
  return {
    id,
    head: addedFields(id, added.head ?? {}, trace),
    models: addedModels(id, added, new Set(), trace),
  }
}

function addedModels(
  provider: string,
  { models }: OverlaidProvider,
  known: ReadonlySet<string>,
  trace: OverlayTrace,
): UpstreamProvider['models'] {
  return [...models].map(([modelId, model]) => {
    const id = `${provider}/${modelId}`
    if (!known.has(modelId)) trace.originals.set(id, undefined)
    return [modelId, addedFields(id, model ?? {}, trace)]
  })
}

function addedFields(id: string, object: Json, trace: OverlayTrace): Json {
  for (const [field, value] of fieldsOf(object)) trace.fields.push({ id, field, value })
  return object
}

function overridden(id: string, object: Json, patch: Json, trace: OverlayTrace): Json {
  for (const [field, value] of fieldsOf(patch)) trace.fields.push({ id, field, value: value ?? undefined })
  return patched(object, patch)
}

/** An override is kept in the file and reported: upstream may have its model again tomorrow. */
function noteUnmet(
  provider: string,
  modelIds: Iterable<string>,
  why: string,
  { notices }: OverlayTrace,
): void {
  const ids = [...modelIds].map((modelId) => `${provider}/${modelId}`)
  for (const id of ids.length > 0 ? ids : [provider]) notices.push({ what: `override ${id}`, why })
}
