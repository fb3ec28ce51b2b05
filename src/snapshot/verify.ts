import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { openMigrated } from '../db/migrate.ts'
import { type Database, isInRollbackMode, openForReading, withDatabase } from '../db/open.ts'
import { schemaVersion } from '../db/schema-version.ts'
import { AppError } from '../errors.ts'
import { fingerprintOf } from '../ingest/canonical.ts'
import { withoutOwnId } from '../ingest/changes.ts'
import { readDigests } from '../ingest/dataset.ts'
import { readAsSent } from '../ingest/read-back.ts'
import type { UpstreamProvider } from '../source/upstream.ts'
import { fingerprintOfFile } from './file-digest.ts'
import { sidecarsOf } from './files.ts'
import { type Content, type Manifest, readContent, readManifest } from './manifest.ts'

export interface VerifyOptions {
  /** What it is to be; without one, what stands beside it says so. */
  manifest?: Manifest
  /** What to call it. */
  name?: string
}

/**
 * Holds a snapshot against its manifest, its bytes first and then all that its tables say.
 * @throws AppError `bad_gateway`, its message saying what differs
 */
export async function verifySnapshot(file: string, options: VerifyOptions = {}): Promise<Manifest> {
  const wanted = options.manifest ?? (await readManifest(file))
  const faults = await faultsOf(file, wanted)
  if (faults.length === 0) return wanted
  const message = `${options.name ?? file} is not what its manifest says: ${faults.join('; ')}`
  throw new AppError('bad_gateway', message)
}

async function faultsOf(file: string, wanted: Manifest): Promise<string[]> {
  try {
    const altered = differences(await fingerprintOfFile(file), wanted, ['bytes', 'sha256'])
    if (altered.length > 0) return altered
    if (!isInRollbackMode(file)) return ['it is no snapshot, but a catalog to be written to']
    // SQLite would read them too.
    const stray = sidecarsOf(file).find(existsSync)
    if (stray !== undefined) return [`${basename(stray)} stands beside it`]
    const schema_version = withDatabase(openForReading(file), schemaVersion)
    const migrated = differences({ schema_version }, wanted, ['schema_version'])
    return migrated.length > 0
      ? migrated
      : withDatabase(openMigrated(file), (db) => contentFaults(db, wanted))
  } catch (cause) {
    return [`it cannot be read (${cause instanceof Error ? cause.message : cause})`]
  }
}

function contentFaults(db: Database, wanted: Manifest): string[] {
  const integrity = String(db.pragma('integrity_check(1)', { simple: true }))
  if (integrity !== 'ok') return [`it is damaged (${integrity})`]
  const content = readContent(db)
  if (content === undefined) return ['it holds no catalog']
  const said = differences(content, wanted, [
    'version',
    'fetched_at',
    'providers',
    'models',
    'states',
    'changes',
    'overlay',
    'build',
  ])
  return said.length > 0
    ? said
    : [...countFaults(db, content), ...historyFaults(db, content), ...versionFaults(db, content)]
}

function differences<Name extends keyof Manifest>(
  found: Pick<Manifest, Name>,
  wanted: Pick<Manifest, Name>,
  names: readonly Name[],
): string[] {
  return names
    .filter((name) => found[name] !== wanted[name])
    .map((name) => `its ${name} is ${found[name]}, not ${wanted[name]}`)
}

function countFaults(db: Database, { providers, models }: Content): string[] {
  const rows = (table: string) => Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
  const expected = { provider: providers, model: models, entry: models }
  return Object.entries(expected)
    .filter(([table, count]) => rows(table) !== count)
    .map(([table, count]) => `its table ${table} has ${rows(table)} rows, not ${count}`)
}

function historyFaults(db: Database, { version, changes }: Content): string[] {
  const last = db
    .prepare<[], { version: string; lastChange: number }>(
      'SELECT version, last_change AS lastChange FROM state ORDER BY seq DESC LIMIT 1',
    )
    .get()
  const strays = db
    .prepare(
      `SELECT count(*) FROM change c
       WHERE NOT EXISTS (SELECT 1 FROM state WHERE seq = c.state)
          OR NOT EXISTS (SELECT 1 FROM subject WHERE id = c.subject)`,
    )
    .pluck()
    .get()
  const isWhole = last?.version === version && last.lastChange === changes && strays === 0
  return isWhole ? [] : ['its history does not lead to what it holds']
}

/** The dataset version is a hash of the content: it tells whether the tables still hold that. */
function versionFaults(db: Database, { version }: Content): string[] {
  const digests = readDigests(db)
  const providers = readAsSent(db)
  const altered = [...fingerprint(providers).digests].find(([id, digest]) => digests.get(id) !== digest)
  if (altered !== undefined) return [`its model ${altered[0]} is not what it was made from`]
  const isSame = headsAsSent(providers).some((catalog) => fingerprint(catalog).version === version)
  return isSame ? [] : ['its tables make another version than it says']
}

function fingerprint(providers: UpstreamProvider[]) {
  return fingerprintOf({ providers, whole: (model) => model })
}

/** Up to this many providers, it is tried which of them were sent with their own id. */
const MAX_MIXED_PROVIDERS = 8

/** The ways in which providers may have been sent: all with their own ids, none so, or some. No digest tells of these. */
function headsAsSent(providers: readonly UpstreamProvider[]): IteratorObject<UpstreamProvider[]> {
  const isMixed = providers.length <= MAX_MIXED_PROVIDERS
  const ways: Iterable<(place: number) => boolean> = isMixed
    ? Array.from({ length: 2 ** providers.length }, (_, bits) => (place) => (bits & (1 << place)) === 0)
    : [() => true, () => false]
  return Iterator.from(ways).map((isWhole) =>
    providers.map(({ id, head, models }, place) => ({
      id,
      head: isWhole(place) ? head : withoutOwnId(head, id),
      models,
    })),
  )
}
