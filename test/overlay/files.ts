import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openForReading, withDatabase } from '../../src/db/open.ts'
import { type IngestReport, ingest } from '../../src/ingest/ingest.ts'
import { readBack } from '../../src/ingest/read-back.ts'
import { seededCatalog, temporaryFolder } from '../service.ts'

type Model = Record<string, unknown>
/** A catalog in models.dev's shape. */
export type Catalog = Record<string, { models: Record<string, Model>; [field: string]: unknown }>

/** A small catalog that has what overlays change: tiers, several prices, two providers. */
export function upstream(): Catalog {
  const models = (models: Record<string, Model>) =>
    Object.fromEntries(Object.entries(models).map(([id, model]) => [id, { id, name: id, ...model }]))
  return {
    acme: {
      id: 'acme',
      name: 'Acme',
      env: ['ACME_KEY'],
      api: 'https://api.acme.example',
      models: models({
        'm-1': {
          cost: {
            input: 3,
            output: 15,
            cache_read: 0.3,
            tiers: [{ input: 6, output: 30, tier: { type: 'context', size: 200000 } }],
          },
          limit: { context: 200000, output: 64000 },
          modalities: { input: ['text', 'image'], output: ['text'] },
          reasoning: true,
          knowledge: '2025-01',
          release_date: '2025-05-01',
        },
        'm-2': { cost: { input: 1, output: 2 } },
        'm-2-preview': { status: 'beta' },
        'ns/m-3': {},
      }),
    },
    other: { id: 'other', name: 'Other', env: [], models: models({ x: {}, 'm-1': {} }) },
  }
}

/** A catalog file, a source and an overlay in a folder that is gone after the test. */
export function workplace() {
  const folder = temporaryFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const db = join(folder, 'catalog.db')
  const source = join(folder, 'source.json')
  const write = (name: string, content: unknown): string => {
    const file = join(folder, name)
    const isRaw = typeof content === 'string' || Buffer.isBuffer(content)
    writeFileSync(file, isRaw ? content : JSON.stringify(content))
    return file
  }
  write('source.json', upstream())
  return {
    folder,
    db,
    source,
    write,
    /** Ingests the source under an overlay: a value for JSON, or a file of the folder. */
    ingest(overlay?: unknown, now = '2026-10-01T00:00:00Z'): Promise<IngestReport> {
      const file = overlay === undefined ? undefined : write('overlay.json', overlay)
      return ingest({ db, from: source, overlay: file, now: () => new Date(now) })
    },
    async seed() {
      copyFileSync(await seededCatalog(), db)
    },
    held: () => apiJsonOf(db),
  }
}

/** What a file holds, in models.dev's shape. */
export function apiJsonOf(file: string): Catalog {
  const providers = withDatabase(openForReading(file), readBack)
  return Object.fromEntries(
    providers.map(({ id, head, models }) => [id, { ...head, models: Object.fromEntries(models) }]),
  )
}

/** The rows that an overlay left in a file. */
export function overlayRows(file: string) {
  return withDatabase(openForReading(file), (db) => ({
    fields: db.prepare<[], [string, string, string]>('SELECT * FROM overlay_field').raw().all(),
    originals: db.prepare<[], string>('SELECT id FROM overlay_original').pluck().all(),
    notices: db.prepare<[], [string, string]>('SELECT what, why FROM overlay_notice').raw().all(),
  }))
}
