import { z } from 'zod'
import type { Database } from '../db/open.ts'
import { withoutOwnId } from '../ingest/changes.ts'
import { readModels } from '../ingest/read-back.ts'
import type { Json } from '../ingest/rows.ts'
import { idOf, splitId } from '../ingest/subjects.ts'
import { firstState } from './states.ts'
import { CHANGE_KINDS, type ChangeRow, type Subject, undo } from './undo.ts'

const pointSchema = z
  .object({
    from: z.iso.datetime(),
    version: z.string().meta({ description: 'The dataset version of then.' }),
    kind: z.enum([...CHANGE_KINDS, 'known']).meta({
      description: 'What happened to it; `known` where history begins with it.',
    }),
    id: z.string().meta({ description: 'What it was called then.' }),
    status: z.unknown().meta({ description: 'As upstream sent it.' }),
    cost: z.unknown().meta({ description: 'As upstream sent it, USD per 1M tokens.' }),
    limits: z.unknown().meta({ description: 'As upstream sent it, tokens.' }),
  })
  .meta({ id: 'CatalogModelState', description: 'What a model was like from some time on.' })

/** What a model was like from some time on. Prices are in USD per 1M tokens, limits in tokens, all as upstream sent them. */
type Point = z.infer<typeof pointSchema>

export const modelHistorySchema = z
  .object({
    id: z.string().meta({ description: 'What it is called now, or was called last.' }),
    provider: z.string(),
    model_id: z.string(),
    name: z.unknown().meta({ description: 'As upstream sent it.' }),
    history: z.array(pointSchema).meta({ description: 'The oldest first.' }),
  })
  .meta({ id: 'CatalogModelHistory', description: "A model's prices, limits and status over time." })

export type ModelHistory = z.infer<typeof modelHistorySchema>

interface Row extends ChangeRow {
  state: number
  at: string
  version: string
}

/** How a model's prices, limits and status came to be; undefined where no model of that id is or was there. */
export function modelHistory(db: Database, provider: string, modelId: string): ModelHistory | undefined {
  const found = findModel(db, idOf(provider, modelId))
  if (found === undefined) return undefined
  const subject: Subject = { id: found.id, said: saidNow(db, found.id) }
  let name = subject.said?.name
  const points: Point[] = []
  for (const rows of Map.groupBy(changesOf(db, found.key), ({ state }) => state).values()) {
    const [{ at, version } = firstState(db)] = rows
    points.push(pointOf(subject, { from: at, version, kind: kindOf(rows) }))
    for (const row of rows) undo(subject, row)
    name ??= subject.said?.name
  }
  if (subject.said !== undefined) {
    const { at, version } = firstState(db)
    points.push(pointOf(subject, { from: at, version, kind: 'known' }))
  }
  const [nowProvider, nowModelId] = splitId(found.id)
  return {
    id: found.id,
    provider: nowProvider,
    model_id: nowModelId,
    name: name ?? null,
    history: withoutRepeats(points.reverse()),
  }
}

/** By its id; else by one that it had before its letter case changed. The key is undefined for what never changed. */
function findModel(db: Database, id: string): { id: string; key: number | undefined } | undefined {
  const alike = db
    .prepare<[string], { key: number; id: string }>(
      `SELECT id AS key, provider || '/' || model_id AS id FROM subject WHERE lower_id = ? AND model_id IS NOT NULL`,
    )
    .all(id.toLowerCase())
  const same = alike.find((subject) => subject.id === id)
  if (same !== undefined) return same
  if (saidNow(db, id) !== undefined) return { id, key: undefined }
  const wasCalled = db
    .prepare("SELECT 1 FROM change WHERE subject = ? AND kind = 'renamed' AND before = ?")
    .pluck()
  return alike.find(({ key }) => wasCalled.get(key, JSON.stringify(id)) !== undefined)
}

function saidNow(db: Database, id: string): Json | undefined {
  const [found] = readModels(db, [id])
  return found && withoutOwnId(found.model, found.modelId)
}

function changesOf(db: Database, key: number | undefined): Row[] {
  if (key === undefined) return []
  return db
    .prepare<[number], Row>(
      `SELECT c.state, c.kind, c.field, c.before, st.at, st.version
       FROM change c CROSS JOIN state st ON st.seq = c.state
       WHERE c.subject = ? ORDER BY c.id DESC`,
    )
    .all(key)
}

function pointOf({ id, said }: Subject, head: Pick<Point, 'from' | 'version' | 'kind'>): Point {
  const { status = null, cost = null, limit: limits = null } = said ?? {}
  // Undoing goes on in the same objects.
  return { ...head, id, ...structuredClone({ status, cost, limits }) }
}

function kindOf(rows: readonly Row[]): ChangeRow['kind'] {
  return CHANGE_KINDS.find((kind) => rows.some((row) => row.kind === kind)) ?? 'changed'
}

/** Most changes are of something else. */
function withoutRepeats(points: readonly Point[]): Point[] {
  const told = ({ status, cost, limits }: Point) => JSON.stringify([status, cost, limits])
  return points.filter((point, place) => {
    const before = points[place - 1]
    return point.kind !== 'changed' || before === undefined || told(point) !== told(before)
  })
}
