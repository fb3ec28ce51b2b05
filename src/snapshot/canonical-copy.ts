import { inserter, type RowOf, type TableName } from '../db/insert.ts'
import { migrate } from '../db/migrate.ts'
import { type Database, openForWriting } from '../db/open.ts'
import type { Build } from '../ingest/build.ts'
import { canonicalJson } from '../ingest/canonical.ts'
import { type DatasetRow, readDigests, writeDataset } from '../ingest/dataset.ts'
import { inStandingOrder, parseCuration } from '../ingest/order.ts'
import { readBack } from '../ingest/read-back.ts'
import { replaceCatalog } from '../ingest/write.ts'
import type { UpstreamModel } from '../source/schema.ts'
import type { UpstreamProvider } from '../source/upstream.ts'

const IN_MEMORY = ':memory:'
/** Where a snapshot has its content from. What it was made from is in its manifest. */
const SOURCE = 'snapshot'

/**
 * Writes a catalog once more, into memory: rows in a fixed order, and nothing that only tells how it came to be. Two
 * files of the same content, history and time of fetch give the same pages.
 * @param source in a transaction
 */
export function canonicalCopy(
  source: Database,
  held: DatasetRow,
  build: Build,
  { history }: { history: boolean },
): Database {
  const providers = readBack(source).map(canonicalProvider)
  const digests = readDigests(source)
  const copy = openForWriting(IN_MEMORY)
  // One transaction: each commit would end a segment of the search index.
  copy
    .transaction(() => {
      migrate(copy, IN_MEMORY)
      const upstream = { providers, whole: (model: UpstreamModel) => model }
      replaceCatalog(copy, upstream, inStandingOrder(providers, parseCuration(build)), digests)
      copyOverlay(source, copy)
      if (history) copyHistory(source, copy)
      else beginHistory(copy, held)
      writeDataset(copy, {
        ...held,
        source: SOURCE,
        ingestedAt: held.fetchedAt,
        setAside: 0,
        build: build.name,
        sourceDigest: '',
      })
    })
    .immediate()
  return copy
}

/** Members in a fixed order: rows are written in theirs. */
function canonicalProvider({ id, head, models }: UpstreamProvider): UpstreamProvider {
  return {
    id,
    head: canonical(head),
    models: models.map(([modelId, model]): [string, UpstreamModel] => [modelId, canonical(model)]),
  }
}

function canonical<T>(value: T): T {
  return JSON.parse(canonicalJson(value)) as T
}

/** What the overlay did stands in the order of its keys, as JSON that is canonical already. */
function copyOverlay(source: Database, copy: Database): void {
  const copyRows = rowCopier(source, copy)
  copyRows('overlayField', 'SELECT id, field, value FROM overlay_field ORDER BY id, field')
  copyRows('overlayOriginal', 'SELECT id, json FROM overlay_original ORDER BY id')
  copyRows('overlayNotice', 'SELECT position, what, why FROM overlay_notice ORDER BY position')
}

function copyHistory(source: Database, copy: Database): void {
  const copyRows = rowCopier(source, copy)
  copyRows(
    'state',
    `SELECT seq, version, at, '${SOURCE}' AS source, providers, models, last_change AS lastChange
     FROM state ORDER BY seq`,
  )
  copyRows(
    'subject',
    'SELECT id, provider, model_id AS modelId, lower_id AS lowerId FROM subject ORDER BY id',
  )
  copyRows('change', 'SELECT id, state, subject, kind, field, before, after FROM change ORDER BY id')
}

function rowCopier(source: Database, copy: Database) {
  return <Name extends TableName>(name: Name, select: string): void =>
    inserter(copy, name)(source.prepare<[], RowOf<Name>>(select).all())
}

/** A history that begins with what is held, when it was fetched. */
function beginHistory(copy: Database, { version, fetchedAt, providers, models }: DatasetRow): void {
  const insertStates = inserter(copy, 'state')
  insertStates([{ seq: 1, version, at: fetchedAt, source: SOURCE, providers, models, lastChange: 0 }])
}
