import type { RowOf } from '../db/insert.ts'
import type { Database } from '../db/open.ts'
import type { UpstreamModel } from '../source/schema.ts'
import type { Upstream, UpstreamProvider } from '../source/upstream.ts'
import { readDigests } from './dataset.ts'
import type { Digests } from './digests.ts'
import { fieldChanges } from './fields.ts'
import { compareCodePoints, type Placed } from './order.ts'
import { readHeads, readModels } from './read-back.ts'
import type { Json } from './rows.ts'
import { idOf, readSubjects, splitId } from './subjects.ts'

/** What became of a provider or model, or of one of its fields, from one state of the catalog to the next. */
export interface Change {
  kind: RowOf<'change'>['kind']
  provider: string
  /** Null for the provider itself. */
  modelId: string | null
  /** Of what is `changed`: see {@link fieldChanges}. */
  field?: string
  /** Undefined for nothing. Of what was removed all it held, of what was renamed its ids. */
  before?: unknown
  after?: unknown
}

/** How many models an ingest added, removed, brought back, renamed, and altered in some field. */
export type Changes = Record<Change['kind'], number>

/** A catalog that is to take the place of another. */
interface NewCatalog extends Pick<Upstream, 'whole'> {
  providers: readonly Pick<UpstreamProvider, 'id' | 'head'>[]
  placed: readonly Pick<Placed, 'provider' | 'modelId' | 'model'>[]
}

/**
 * What tells a catalog from the one that a file holds: models by their digests first, then by their fields. In the order
 * in which people read it.
 */
export function changesFrom(db: Database, catalog: NewCatalog, digests: Digests): Change[] {
  return [...headChanges(db, catalog), ...modelChanges(db, catalog, digests)].sort(byReadingOrder)
}

export function countChanges(changes: readonly Change[]): Changes {
  const models = new Map<Change['kind'], Set<string>>()
  for (const { kind, provider, modelId } of changes) {
    if (modelId === null) continue
    models.set(kind, (models.get(kind) ?? new Set()).add(idOf(provider, modelId)))
  }
  const count = (kind: Change['kind']) => models.get(kind)?.size ?? 0
  return {
    added: count('added'),
    removed: count('removed'),
    returned: count('returned'),
    renamed: count('renamed'),
    changed: count('changed'),
  }
}

/** What a provider or model says of itself but its own key, which it may leave out. */
export function withoutOwnId(said: Json, key: string): Json {
  if (said.id !== key) return said
  const { id: _, ...rest } = said
  return rest
}

function headChanges(db: Database, { providers }: NewCatalog): Change[] {
  const before = new Map(readHeads(db).map(({ id, head }) => [id, withoutOwnId(head, id)]))
  const subjects = readSubjects(db)
  const changes: Change[] = []
  for (const { id, head } of providers) {
    const old = before.get(id)
    before.delete(id)
    const about = { provider: id, modelId: null }
    if (old === undefined) changes.push({ ...about, kind: subjects.has(id) ? 'returned' : 'added' })
    else changes.push(...changed(about, old, withoutOwnId(head, id)))
  }
  for (const [id, head] of before) {
    changes.push({ kind: 'removed', provider: id, modelId: null, before: head })
  }
  return changes
}

function modelChanges(db: Database, catalog: NewCatalog, digests: Digests): Change[] {
  const had = readDigests(db)
  const added = [...digests.keys()].filter((id) => !had.has(id))
  const removed = [...had.keys()].filter((id) => !digests.has(id))
  const altered = [...digests].filter(([id, digest]) => had.has(id) && had.get(id) !== digest)
  const origins = originsOf(db, added, removed, digests)
  const names = new Map(altered.map(([id]) => [id, id]))
  for (const [id, { kind, from }] of origins) if (kind === 'renamed' && from !== null) names.set(id, from)

  const before = modelsById(readModels(db, [...names.values(), ...removed]))
  const changes: Change[] = []
  for (const [id, origin] of origins) changes.push(...appearance(id, origin))
  for (const [id, now] of modelsOf(catalog, names)) {
    const old = before.get(names.get(id) ?? '')
    const [provider, modelId] = splitId(id)
    if (old) changes.push(...changed({ provider, modelId }, old, withoutOwnId(now, modelId)))
    before.delete(names.get(id) ?? '')
  }
  for (const [id, model] of before) {
    const [provider, modelId] = splitId(id)
    changes.push({ kind: 'removed', provider, modelId, before: model })
  }
  return changes
}

/** How an id came into the catalog, and under which other one it was known before. */
interface Origin {
  kind: 'added' | 'returned' | 'renamed'
  from: string | null
}

/**
 * An id that was there once is back. One that differs from an id gone in letter case alone is that model, whether it
 * went now or long ago.
 */
function originsOf(
  db: Database,
  added: readonly string[],
  removed: readonly string[],
  digests: Digests,
): Map<string, Origin> {
  const subjects = readSubjects(db)
  const isRemoved = new Set(removed)
  const goneBefore = [...subjects.keys()].filter(
    (id) => id.includes('/') && !digests.has(id) && !isRemoved.has(id),
  )
  const [renamable, returnable] = [removed, goneBefore].map((ids) =>
    Map.groupBy(ids.toSorted(compareCodePoints), (id) => id.toLowerCase()),
  )
  return new Map(
    added.toSorted(compareCodePoints).map((id): [string, Origin] => {
      if (subjects.has(id)) return [id, { kind: 'returned', from: null }]
      const renamed = renamable?.get(id.toLowerCase())?.shift()
      if (renamed !== undefined) return [id, { kind: 'renamed', from: renamed }]
      const returned = returnable?.get(id.toLowerCase())?.shift()
      return [id, { kind: returned === undefined ? 'added' : 'returned', from: returned ?? null }]
    }),
  )
}

function appearance(id: string, { kind, from }: Origin): Change[] {
  const [provider, modelId] = splitId(id)
  const renamed: Change = { kind: 'renamed', provider, modelId, before: from, after: id }
  if (kind === 'renamed') return [renamed]
  return [...(from === null ? [] : [renamed]), { kind, provider, modelId }]
}

function changed(about: Pick<Change, 'provider' | 'modelId'>, before: Json, after: Json): Change[] {
  return fieldChanges(before, after).map((change) => ({ kind: 'changed', ...about, ...change }))
}

function modelsById(models: ReturnType<typeof readModels>): Map<string, Json> {
  return new Map(
    models.map(({ provider, modelId, model }) => [idOf(provider, modelId), withoutOwnId(model, modelId)]),
  )
}

function* modelsOf(
  { placed, whole }: NewCatalog,
  wanted: ReadonlyMap<string, unknown>,
): Generator<[id: string, model: UpstreamModel]> {
  for (const { provider, modelId, model } of placed) {
    const id = idOf(provider, modelId)
    if (wanted.has(id)) yield [id, whole(model)]
  }
}

const KIND_ORDER: readonly Change['kind'][] = ['renamed', 'removed', 'added', 'returned', 'changed']

function byReadingOrder(a: Change, b: Change): number {
  return (
    compareCodePoints(a.provider, b.provider) ||
    compareCodePoints(a.modelId ?? '', b.modelId ?? '') ||
    KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) ||
    compareCodePoints(a.field ?? '', b.field ?? '')
  )
}
