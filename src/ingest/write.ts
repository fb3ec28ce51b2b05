import {
  type BufferedInserter,
  bufferedInserter,
  numberedInserter,
  rowBuffer,
  snakeCase,
  type TableName,
} from '../db/insert.ts'
import { type Database, openScratch, withDatabase } from '../db/open.ts'
import { allFolded, eachShortStart, eachShortText, spacedTails, titleTail } from '../db/search-text.ts'
import type { Upstream, UpstreamProvider } from '../source/upstream.ts'
import type { Digests } from './digests.ts'
import { entryOrders } from './entry-orders.ts'
import { modelNormalizer, normalizeProvider } from './normalize.ts'
import { offerSets } from './offered-models.ts'
import type { Placed } from './order.ts'
import type { SetTable } from './rows.ts'
import { type ServingRows, servingRows } from './serving.ts'
import { type SetWriter, setWriter } from './sets.ts'
import { searchStretches } from './stretches.ts'
import { writeWords } from './words.ts'

/** How many models are written between two calls of `onProgress`. */
const PROGRESS_STEP = 500
/**
 * Postings kept in memory before they are written as a segment, in bytes. The real catalog fits: one segment each, which
 * a search reads fastest and no merge has to write again.
 */
const FTS_BUFFER_BYTES = 16 * 1024 * 1024

const CATALOG_TABLES = [
  'provider',
  'providerEnv',
  'model',
  'capabilitySet',
  'modalitySet',
  'limitSet',
  'costSet',
  'costTierSet',
  'reasoningOptionSet',
  'entry',
  'entryBody',
  'entryKey',
  'entrySet',
  'entryPair',
  'entryTail',
  'entryColumn',
  'entryOrder',
  'entryStretch',
  'word',
] as const satisfies TableName[]

const INDEXES = ['entry_text', 'word_near'] as const

/** Called now and then with how many models are written, and of how many. */
export type Progress = (done: number, total: number) => void

type ProviderHead = Pick<UpstreamProvider, 'id' | 'head'>

/** What is written: a catalog in its standing order. */
interface Written extends Pick<Upstream, 'whole'> {
  providers: readonly ProviderHead[]
}

/** Replaces the whole catalog, in the caller's transaction. */
export function replaceCatalog(
  db: Database,
  upstream: Written,
  placed: readonly Placed[],
  digests: Pick<Digests, 'get'>,
  onProgress: Progress = () => {},
): void {
  clear(db)
  withDatabase(openScratch(), (scratch) => writeCatalog(db, scratch, upstream, placed, digests, onProgress))
}

function writeCatalog(
  db: Database,
  scratch: Database,
  { providers, whole }: Written,
  placed: readonly Placed[],
  digests: Pick<Digests, 'get'>,
  onProgress: Progress,
): void {
  const normalized = normalizedWriter(db)
  for (const provider of providers) normalized.addProvider(provider)
  const insert = servingInserters(db)
  const indexText = db.prepare('INSERT INTO entry_text(rowid, folded) VALUES (?, ?)')
  const sets = setWriter(db, scratch, placed.length)
  const keys = keyWriter(db)
  const setsOfOffer = offerSets(placed)
  const names: string[] = []
  for (const [place, outlined] of placed.entries()) {
    const pk = place + 1
    const entry = { ...outlined, model: whole(outlined.model) }
    normalized.addModel(pk, entry, digests.get(`${entry.provider}/${entry.modelId}`) ?? '')
    const serving = servingRows(pk, entry)
    insert.entry.add([serving.entry])
    insert.entryBody.add([serving.body])
    keys.add(serving.keys)
    indexText.run(pk, allFolded(serving.searched))
    collect(sets, pk, serving)
    for (const [kind, value] of setsOfOffer(outlined)) sets.addOffer(kind, value, pk)
    names.push(serving.sortName)
    if (place % PROGRESS_STEP === 0) onProgress(place, placed.length)
  }
  normalized.flush()
  insert.entryStretch.add(searchStretches(placed))
  insert.entryOrder.add(entryOrders(placed, names))
  for (const table of Object.values(insert)) table.flush()
  keys.write()
  writeWords(
    db,
    sets.write((id) => placed[id - 1]?.tie ?? 0),
  )
  db.exec('REINDEX model_by_id')
  onProgress(placed.length, placed.length)
}

function clear(db: Database): void {
  for (const table of CATALOG_TABLES) db.exec(`DELETE FROM "${snakeCase(table)}"`)
  for (const name of INDEXES) {
    db.exec(`INSERT INTO ${name}(${name}) VALUES ('delete-all')`)
    db.exec(`INSERT INTO ${name}(${name}, rank) VALUES ('hashsize', ${FTS_BUFFER_BYTES})`)
  }
}

function servingInserters(db: Database) {
  return {
    entry: numberedInserter(db, 'entry'),
    entryBody: numberedInserter(db, 'entryBody'),
    entryOrder: bufferedInserter(db, 'entryOrder'),
    entryStretch: bufferedInserter(db, 'entryStretch'),
  }
}

/** Writes the normalized tables; all of it is written when `flush` returns. */
function normalizedWriter(db: Database) {
  const sets: { [Table in SetTable]: BufferedInserter<Table> } = {
    capabilitySet: bufferedInserter(db, 'capabilitySet'),
    modalitySet: bufferedInserter(db, 'modalitySet'),
    limitSet: bufferedInserter(db, 'limitSet'),
    costSet: bufferedInserter(db, 'costSet'),
    costTierSet: bufferedInserter(db, 'costTierSet'),
    reasoningOptionSet: bufferedInserter(db, 'reasoningOptionSet'),
  }
  const insert = {
    provider: bufferedInserter(db, 'provider'),
    env: bufferedInserter(db, 'providerEnv'),
    model: numberedInserter(db, 'model'),
  }
  const normalize = modelNormalizer((table, row) => sets[table].add([row]))
  return {
    addProvider(sent: ProviderHead): void {
      const { provider, env } = normalizeProvider(sent)
      insert.provider.add([provider])
      insert.env.add(env.map((name, position) => ({ provider: sent.id, position, name })))
    },
    addModel(pk: number, { provider, modelId, model }: Placed, digest: string): void {
      insert.model.add([normalize({ pk, provider, modelId, digest }, model)])
    },
    flush(): void {
      for (const table of [...Object.values(sets), ...Object.values(insert)]) table.flush()
    },
  }
}

/** Gathers keys apart, so that they are written in their table's order: its pages are full then. */
function keyWriter(db: Database) {
  db.exec('CREATE TEMP TABLE IF NOT EXISTS key_gathered (kind TEXT, key TEXT, entry INTEGER)')
  const gathered = rowBuffer(db, 'INSERT INTO temp.key_gathered', 3)
  return {
    add(rows: ServingRows['keys']) {
      for (const { kind, key, entry } of rows) {
        gathered.put(kind)
        gathered.put(key)
        gathered.put(entry)
      }
    },
    write() {
      gathered.flush()
      db.exec(`INSERT INTO entry_key SELECT kind, key, entry FROM temp.key_gathered ORDER BY kind, key, entry;
        DROP TABLE temp.key_gathered`)
    },
  }
}

function collect(writer: SetWriter, pk: number, serving: ServingRows): void {
  const { sets, searched, sequenced, titles, context, price } = serving
  for (const [kind, value] of sets) writer.add(kind, value, pk)
  eachShortText(searched, (first, second) => writer.addSubstring(first, second, pk))
  eachShortStart(sequenced, (first, second) => writer.addStart(first, second, pk))
  for (const text of sequenced) for (const tail of spacedTails(text)) writer.addTail(tail, pk)
  for (const tail of new Set(titles.map(titleTail))) if (tail !== '') writer.addTail(tail, pk)
  writer.put('context', pk, context)
  writer.put('price', pk, price)
}
