import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { ingest } from '../../src/ingest/ingest.ts'
import { type SnapshotOptions, writeSnapshot } from '../../src/snapshot/write.ts'
import { writeCatalog } from '../ingest/catalogs.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'

/** What two ingests of a small catalog hold: models added, removed, changed. */
export const [FIRST, SECOND] = [
  {
    acme: {
      id: 'acme',
      name: 'Acme',
      env: ['ACME_KEY', 'ACME_URL'],
      models: {
        large: {
          id: 'large',
          name: 'Large',
          cost: { input: 1, output: 2, cache_read: 0.1 },
          tool_call: true,
        },
        gone: { id: 'gone', name: 'Gone', limit: { context: 8000, output: 4000 } },
        Cased: { id: 'Cased', name: 'Cased', reasoning: false, unknown: { b: [1, 2], a: null } },
      },
    },
    zeta: {
      id: 'zeta',
      models: { m: { id: 'm', name: 'Zeta M', modalities: { input: ['text'], output: ['text'] } } },
    },
  },
  {
    acme: {
      id: 'acme',
      name: 'Acme',
      env: ['ACME_KEY', 'ACME_URL'],
      models: {
        large: {
          id: 'large',
          name: 'Large',
          cost: { input: 0.5, output: 2, cache_read: 0.1 },
          tool_call: true,
        },
        cased: { id: 'cased', name: 'Cased', reasoning: false, unknown: { b: [1, 2], a: null } },
      },
    },
    beta: { id: 'beta', models: { m: { id: 'm', name: 'Beta M', status: 'beta' } } },
    zeta: {
      id: 'zeta',
      models: { m: { id: 'm', name: 'Zeta M', modalities: { input: ['text'], output: ['text'] } } },
    },
  },
] as const
export const [FIRST_TIME, SECOND_TIME] = ['2026-10-01T10:00:00.000Z', '2026-10-02T10:00:00.000Z'] as const

export function folderForTest(): string {
  const folder = temporaryFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function ingestAt(db: string, catalog: object, time: string, folder: string): Promise<void> {
  await ingest({ db, from: writeCatalog(folder, catalog), now: () => new Date(time) })
}

/** A working catalog with two states. */
export async function smallCatalog(folder: string, name = 'catalog.db'): Promise<string> {
  const db = join(folder, name)
  await ingestAt(db, FIRST, FIRST_TIME, folder)
  await ingestAt(db, SECOND, SECOND_TIME, folder)
  return db
}

export async function seededCopy(folder: string): Promise<string> {
  const db = join(folder, 'seeded.db')
  copyFileSync(await seededCatalog(), db)
  return db
}

export function snapshotOf(db: string, file: string, options: Partial<SnapshotOptions> = {}) {
  return writeSnapshot({ db, file, history: true, force: false, ...options })
}
