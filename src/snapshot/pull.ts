import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { openForReading, opening, withDatabase } from '../db/open.ts'
import { SCHEMA_VERSION } from '../db/schema-version.ts'
import { AppError } from '../errors.ts'
import { failedAttempt, publicFault } from '../ingest/attempt.ts'
import { readBuild } from '../ingest/build.ts'
import { countChanges } from '../ingest/changes.ts'
import { peek } from '../ingest/dataset.ts'
import { refuseSnapshot } from '../ingest/prepare.ts'
import type { RefreshReport } from '../ingest/refresh.ts'
import { type KnownAnswer, lockRefresh, type RefreshLock } from '../ingest/refresh-file.ts'
import { type Address, readAddress } from '../source/address.ts'
import { FETCH_LIMITS, type FetchLimits, fetchAnswer } from '../source/fetch.ts'
import { diffSnapshots } from './diff.ts'
import { download } from './download.ts'
import { swapIn } from './files.ts'
import { type Content, type Manifest, parseManifest, readContent } from './manifest.ts'
import { verifySnapshot } from './verify.ts'
import { writeCopy } from './write.ts'

const SNAPSHOT_PATH = '/api/v1/inference/snapshot'
const MANIFEST_PATH = `${SNAPSHOT_PATH}/manifest`
/** Longest manifest that is read, in bytes. */
const MAX_MANIFEST_BYTES = 64 * 1024

export interface PullOptions {
  /** The catalog file. */
  db: string
  /** Where the other modeldex is, without the path of a route. */
  from: string
  /** A token of it. */
  token: string | undefined
  limits?: FetchLimits
  /** How long to wait for another pull to end. */
  waitMs?: number
  now?: () => Date
}

/**
 * Brings a catalog file up to that of another modeldex: its snapshot, verified, takes the file's place. How it went is
 * written down beside the file, as with a refresh.
 * @throws AppError `conflict` while another one runs or where the catalog is a snapshot with its manifest, or whatever
 * went wrong; the catalog is unchanged then
 */
export async function pull(options: PullOptions): Promise<RefreshReport> {
  const at = (options.now?.() ?? new Date()).toISOString()
  refuseSnapshot(options.db)
  const lock = await lockRefresh(options.db, options.waitMs)
  try {
    const { report, answer } = await attempt(options, lock)
    lock.note({ at, outcome: report.unchanged ? 'unchanged' : 'updated', error: null }, answer)
    return report
  } catch (error) {
    lock.note(failedAttempt(at, publicFault(error)))
    throw error
  } finally {
    lock.release()
  }
}

async function attempt(
  { db, from, token, limits = FETCH_LIMITS }: PullOptions,
  lock: RefreshLock,
): Promise<{ report: RefreshReport; answer: KnownAnswer | undefined }> {
  const started = performance.now()
  const held = heldIn(db)
  const addressOf = (path: string) => addressAt(from, path, token)
  const source = addressOf('').shown
  const reportOf = (content: Content, unchanged: boolean, counts = countChanges([])): RefreshReport => ({
    version: content.version,
    previousVersion: held?.version ?? null,
    source,
    fetchedAt: content.fetched_at,
    providers: content.providers,
    models: content.models,
    ...counts,
    setAside: [],
    overlayNotices: [],
    unchanged,
    seconds: (performance.now() - started) / 1000,
  })

  const asked = await askManifest(addressOf(MANIFEST_PATH), held, lock.knownAnswer(), limits)
  if (held !== undefined && (asked === undefined || isSame(held, asked.manifest))) {
    return { report: reportOf(held, true), answer: asked?.answer }
  }
  if (asked === undefined) throw new AppError('bad_gateway', `${source} did not tell what it has`)
  const { manifest, answer } = asked
  refuseUnusable(manifest, source, limits)

  const file = await incomingFile(db, manifest)
  await download(addressOf(SNAPSHOT_PATH), manifest, file, limits)
  await verified(file, manifest, source)
  const counts = held ? diffSnapshots(db, file).counts : { ...countChanges([]), added: manifest.models }
  await install(file, manifest, db)
  return { report: reportOf(manifest, false, counts), answer }
}

/** What the file holds; undefined where it is missing, damaged, or not of this program's schema. */
function heldIn(file: string): Content | undefined {
  if (!existsSync(file)) return undefined
  return opening(file, () =>
    withDatabase(openForReading(file), (db) => (peek(db, file) === undefined ? undefined : readContent(db))),
  )
}

/** A catalog, how it came to be, and what is an overlay's in it. That it was looked at once more makes no other one of it. */
function isSame(held: Content, manifest: Manifest): boolean {
  const names = ['version', 'states', 'changes', 'overlay'] as const
  return names.every((name) => held[name] === manifest[name])
}

function addressAt(base: string, path: string, token: string | undefined): Address {
  const address = readAddress(base)
  const url = new URL(address.url)
  url.pathname = url.pathname.replace(/\/+$/, '') + path
  const authorization = token === undefined ? address.authorization : `Bearer ${token}`
  return { url, shown: url.origin + url.pathname, authorization }
}

/** What the other one has; undefined when that is what it had the last time, and that is held still. */
async function askManifest(
  address: Address,
  held: Content | undefined,
  last: KnownAnswer | undefined,
  limits: FetchLimits,
): Promise<{ manifest: Manifest; answer: KnownAnswer } | undefined> {
  const addressDigest = hash('sha256', address.url.href)
  const isKnown = held !== undefined && last?.addressDigest === addressDigest && last.version === held.version
  const etag = isKnown ? last.etag : null
  const headers = { accept: 'application/json', ...(etag !== null && { 'if-none-match': etag }) }
  const answer = await fetchAnswer(address, headers, { ...limits, maxBytes: MAX_MANIFEST_BYTES })
  const { status } = answer
  if (status !== 200) {
    answer.drop()
    if (status === 304 && etag !== null) return undefined
    const hint = status === 401 || status === 403 ? ': see MODELDEX_FOLLOW_TOKEN' : ''
    throw new AppError('bad_gateway', `${address.shown} answered ${status}${hint}`)
  }
  const chunks: Buffer[] = []
  for await (const chunk of answer.body()) chunks.push(chunk)
  const manifest = parseManifest(Buffer.concat(chunks).toString('utf8'), address.shown)
  const validators = { etag: answer.headers.etag ?? null, lastModified: null }
  return { manifest, answer: { addressDigest, version: manifest.version, ...validators } }
}

function refuseUnusable(
  { schema_version, bytes }: Manifest,
  source: string,
  { maxBytes }: FetchLimits,
): void {
  if (schema_version > SCHEMA_VERSION) {
    const detail = `its schema is ${schema_version}, this one knows up to ${SCHEMA_VERSION}`
    throw new AppError(
      'bad_gateway',
      `${source} is a newer modeldex (${detail}): update this one to follow it`,
    )
  }
  if (bytes > maxBytes) {
    throw new AppError('bad_gateway', `${source} has a snapshot of ${bytes} bytes: the limit is ${maxBytes}`)
  }
}

/** Where a snapshot is downloaded to: what came of the same one before is taken up again, all else goes. */
async function incomingFile(db: string, { sha256 }: Manifest): Promise<string> {
  const folder = dirname(db)
  const prefix = `${basename(db)}-incoming-`
  const name = prefix + sha256.slice(0, 16)
  for (const other of await readdir(folder)) {
    if (other.startsWith(prefix) && other !== name) await rm(join(folder, other), { force: true })
  }
  return join(folder, name)
}

async function verified(file: string, manifest: Manifest, source: string): Promise<void> {
  try {
    await verifySnapshot(file, { manifest, name: `the snapshot of ${source}` })
  } catch (error) {
    // It would fail the same way when taken up again.
    await rm(file, { force: true })
    throw error
  }
}

/** Another build's serving tables are made anew; this build's file goes in as it came. */
async function install(file: string, { build, schema_version }: Manifest, db: string): Promise<void> {
  const ours = await readBuild()
  if (build === ours.name && schema_version === SCHEMA_VERSION) {
    await swapIn(file, db)
    return
  }
  const made = `${file}-rebuilt`
  try {
    await rm(made, { force: true })
    writeCopy(file, made, ours, true)
    await swapIn(made, db)
  } finally {
    await rm(file, { force: true })
    await rm(made, { force: true })
  }
}
