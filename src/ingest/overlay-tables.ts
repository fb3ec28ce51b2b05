import { inserter, type RowOf } from '../db/insert.ts'
import type { Database } from '../db/open.ts'
import type { Upstream, UpstreamProvider } from '../source/upstream.ts'
import { canonicalJson } from './canonical.ts'
import type { OverlayNotice, OverlayTrace } from './overlay.ts'
import { readAsSent } from './read-back.ts'
import type { Json } from './rows.ts'

/** Writes down what an overlay did, in the caller's transaction; without one nothing is left of the last. */
export function writeOverlay(db: Database, trace: OverlayTrace | undefined, whole: Upstream['whole']): void {
  for (const table of ['overlay_field', 'overlay_original', 'overlay_notice']) db.exec(`DELETE FROM ${table}`)
  if (trace === undefined) return
  const { fields, originals, notices } = trace
  inserter(db, 'overlayField')(fieldRows(fields))
  const insertOriginal = inserter(db, 'overlayOriginal')
  const inOrder = [...originals].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [id, sent] of inOrder) insertOriginal([{ id, json: sent && textOf(whole(sent)) }])
  inserter(db, 'overlayNotice')(notices.map((notice, position) => ({ position, ...notice })))
}

/** In the order of the key; of two fields that are written alike, the last one. */
function fieldRows(fields: OverlayTrace['fields']): RowOf<'overlayField'>[] {
  const rows = fields.map(({ id, field, value }): [string, RowOf<'overlayField'>] => [
    `${id}\0${field}`,
    { id, field, value: value === undefined ? null : canonicalJson(value) },
  ])
  return [...new Map(rows)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

/** Null for what holds a number no double can hold: without the overlay it would be set aside. */
function textOf(sent: Json): string | null {
  try {
    return canonicalJson(sent)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return null
  }
}

export function readNotices(db: Database): OverlayNotice[] {
  return db.prepare<[], OverlayNotice>('SELECT what, why FROM overlay_notice ORDER BY position').all()
}

/** How many models upstream had sent, whatever the overlay made of them, and how many of them are not among the `sent`. */
export function countLost(db: Database, sent: { has(id: string): boolean }): { held: number; lost: number } {
  const ids = db
    .prepare<[], string>(
      `SELECT id FROM model WHERE id NOT IN (SELECT id FROM overlay_original)
       UNION ALL SELECT id FROM overlay_original WHERE json IS NOT NULL AND instr(id, '/') > 0`,
    )
    .pluck()
  const counts = { held: 0, lost: 0 }
  for (const id of ids.iterate()) {
    counts.held++
    if (!sent.has(id)) counts.lost++
  }
  return counts
}

/** Upstream's catalog from a file that an overlay may have been merged into: what the overlay touched is undone. */
export function readUpstreamBack(db: Database): Upstream {
  const providers = new Map(
    readAsSent(db).map(({ id, head, models }) => [id, { head, models: new Map(models) }]),
  )
  const originals = db
    .prepare<[], { id: string; json: string | null }>('SELECT id, json FROM overlay_original ORDER BY id')
    .all()
  // Providers come first: an id without a slash is before those that go on behind it.
  for (const { id, json } of originals) {
    const [provider = '', ...rest] = id.split('/')
    const sent = json === null ? undefined : JSON.parse(json)
    const held = providers.get(provider)
    if (rest.length === 0) {
      if (sent === undefined) providers.delete(provider)
      else providers.set(provider, { head: sent, models: held?.models ?? new Map() })
    } else if (sent === undefined) held?.models.delete(rest.join('/'))
    else held?.models.set(rest.join('/'), sent)
  }
  return {
    providers: [...providers].map(
      ([id, { head, models }]): UpstreamProvider => ({ id, head, models: [...models] }),
    ),
    setAside: [],
    whole: (model) => model,
  }
}
