import { openMigrated } from '../db/migrate.ts'
import { type Database, opening, withDatabase } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { type Changes, changesFrom, countChanges } from '../ingest/changes.ts'
import { type DatasetRow, readDataset, readDigests } from '../ingest/dataset.ts'
import { readHeads, readModels } from '../ingest/read-back.ts'
import { idOf } from '../ingest/subjects.ts'
import type { UpstreamModel } from '../source/schema.ts'

/** What tells two catalog files apart. */
export interface SnapshotDiff {
  from: Side
  to: Side
  /** In models. */
  counts: Changes
  /** As the changes of the history are told, by provider and model. */
  changes: {
    kind: keyof Changes
    /** `provider/model_id`, or `provider`. */
    id: string
    /** In the later file; null where that has none, or has it no longer. */
    name: string | null
    provider: string
    /** Null for a provider itself. */
    model_id: string | null
    field: string | null
    /** Null for nothing, and where upstream sends null. */
    before: unknown
    after: unknown
  }[]
}

interface Side {
  version: string
  /** RFC 3339, UTC. */
  fetched_at: string
  providers: number
  models: number
}

/**
 * Tells what changed from one catalog file, a snapshot or not, to another: as the history would, had the one been
 * ingested over the other.
 * @throws AppError `database` when one of them cannot be read
 */
export function diffSnapshots(from: string, to: string): SnapshotDiff {
  return reading(to, (after, now) =>
    reading(from, (before, held) => {
      const later = {
        providers: readHeads(after),
        placed: readModels(after),
        whole: (model: UpstreamModel) => model,
      }
      const changes = changesFrom(before, later, readDigests(after))
      const names = new Map([
        ...later.providers.map(({ id, head }) => [id, head.name] as const),
        ...later.placed.map(({ provider, modelId, model }) => [idOf(provider, modelId), model.name] as const),
      ])
      return {
        from: sideOf(held),
        to: sideOf(now),
        counts: countChanges(changes),
        changes: changes.map(({ kind, provider, modelId, field, before, after }) => ({
          kind,
          id: idOf(provider, modelId),
          name: names.get(idOf(provider, modelId)) ?? null,
          provider,
          model_id: modelId,
          field: field ?? null,
          before: before ?? null,
          after: after ?? null,
        })),
      }
    }),
  )
}

function reading<T>(file: string, work: (db: Database, held: DatasetRow) => T): T {
  return opening(file, () =>
    withDatabase(openMigrated(file), (db) =>
      db.transaction(() => {
        const held = readDataset(db)
        if (held === undefined) throw new AppError('database', `${file} holds no catalog yet`)
        return work(db, held)
      })(),
    ),
  )
}

function sideOf({ version, fetchedAt, providers, models }: DatasetRow): Side {
  return { version, fetched_at: fetchedAt, providers, models }
}
