import type { Database } from '../db/open.ts'
import { withoutOwnId } from '../ingest/changes.ts'
import { undoField } from '../ingest/fields.ts'
import { readHeads, readModels } from '../ingest/read-back.ts'
import type { Json } from '../ingest/rows.ts'
import { idOf, splitId } from '../ingest/subjects.ts'
import type { UpstreamProvider } from '../source/upstream.ts'

/** A provider or model as it is in some state of the catalog; it says nothing where it is not there. */
export interface Subject {
  /** `provider/model_id`, or `provider`. */
  id: string
  /** All it says but its own id. */
  said: Json | undefined
}

/** What can happen, that of most weight first. */
export const CHANGE_KINDS = ['added', 'removed', 'returned', 'renamed', 'changed'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

/** What a state did to a subject, as the table has it. */
export interface ChangeRow {
  kind: ChangeKind
  field: string | null
  before: string | null
}

/** Makes a subject what it was before a change; the changes of one state may come in any order. */
export function undo(subject: Subject, { kind, field, before }: ChangeRow): void {
  const old: unknown = before === null ? undefined : JSON.parse(before)
  if (kind === 'added' || kind === 'returned') subject.said = undefined
  else if (kind === 'removed') subject.said = old as Json
  else if (kind === 'renamed') subject.id = String(old)
  else if (subject.said !== undefined && field !== null) undoField(subject.said, field, old)
}

/** The catalog of a state, made of the one the file holds by undoing what came later, the newest first. */
export function catalogOf(db: Database, lastChange: number): UpstreamProvider[] {
  const present = presentSubjects(db)
  const touched = new Map<number, Subject>()
  const changes = db.prepare<
    [number],
    ChangeRow & { subject: number; provider: string; modelId: string | null }
  >(
    `SELECT c.kind, c.field, c.before, c.subject, s.provider, s.model_id AS modelId
     FROM change c CROSS JOIN subject s ON s.id = c.subject
     WHERE c.id > ? ORDER BY c.id DESC`,
  )
  for (const change of changes.iterate(lastChange)) {
    let subject = touched.get(change.subject)
    if (subject === undefined) {
      const id = idOf(change.provider, change.modelId)
      subject = { id, said: present.get(id) }
      present.delete(id)
      touched.set(change.subject, subject)
    }
    undo(subject, change)
  }
  for (const { id, said } of touched.values()) if (said !== undefined) present.set(id, said)
  return providersOf(present)
}

/** What providers and models say now, by id. */
function presentSubjects(db: Database): Map<string, Json> {
  const said = new Map<string, Json>()
  for (const { id, head } of readHeads(db)) said.set(id, withoutOwnId(head, id))
  for (const { provider, modelId, model } of readModels(db)) {
    said.set(idOf(provider, modelId), withoutOwnId(model, modelId))
  }
  return said
}

function providersOf(subjects: ReadonlyMap<string, Json>): UpstreamProvider[] {
  const providers = new Map<string, UpstreamProvider>()
  const isProvider = ([id]: [string, Json]) => !id.includes('/')
  const { heads = [], models = [] } = Object.groupBy(subjects, (entry) =>
    isProvider(entry) ? 'heads' : 'models',
  )
  for (const [id, head] of heads) providers.set(id, { id, head: { id, ...head }, models: [] })
  for (const [id, model] of models) {
    const [provider, modelId] = splitId(id)
    providers.get(provider)?.models.push([modelId, { id: modelId, ...model }])
  }
  return [...providers.values()]
}
