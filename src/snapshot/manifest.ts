import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type Database, manifestPath } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { canonicalJson } from '../ingest/canonical.ts'

const count = z.int().nonnegative()
/** SHA-256 in hex. */
const digest = z.string().regex(/^[0-9a-f]{64}$/)

const manifestSchema = z.strictObject({
  /** The dataset version. */
  version: z.string(),
  /** When the content was last fetched or read: RFC 3339, UTC. */
  fetched_at: z.string(),
  /** Where the file it was made from had its content: the snapshot itself does not say, for it tells the way. */
  source: z.string(),
  providers: count,
  models: count,
  /** How many states of the catalog its history knows, and how many changes between them. */
  states: count,
  changes: count,
  /** SHA-256 of what an overlay decides and what it hides of upstream; null where it does neither. */
  overlay: digest.nullable(),
  schema_version: count,
  /** What its serving tables were built with. */
  build: z.string(),
  bytes: count,
  /** Of the snapshot file. */
  sha256: digest,
  /** Of what stands above, as canonical JSON: nothing else shows that `source` is as it was written. */
  manifest_sha256: z.string(),
})

/** What stands beside a snapshot and says what it is. */
export type Manifest = z.infer<typeof manifestSchema>

/** What a snapshot's tables say of it. */
export type Content = Pick<
  Manifest,
  | 'version'
  | 'fetched_at'
  | 'providers'
  | 'models'
  | 'states'
  | 'changes'
  | 'overlay'
  | 'schema_version'
  | 'build'
>

export function readContent(db: Database): Content | undefined {
  const content = db
    .prepare<[], Omit<Content, 'overlay'>>(
      `SELECT version, fetched_at, providers, models, (SELECT count(*) FROM state) AS states,
              (SELECT count(*) FROM change) AS changes, user_version AS schema_version, build
       FROM dataset, pragma_user_version`,
    )
    .get()
  return content && { ...content, overlay: digestOfOverlaid(db) }
}

/** Catalogs can be equal but for these: an override that says what upstream says decides it all the same. */
function digestOfOverlaid(db: Database): string | null {
  const rows = [
    'SELECT id, field, value FROM overlay_field ORDER BY id, field',
    'SELECT id, json FROM overlay_original ORDER BY id',
  ].map((sql) => db.prepare(sql).raw().all())
  return rows.every(({ length }) => length === 0) ? null : hash('sha256', JSON.stringify(rows))
}

export function makeManifest(
  content: Content,
  file: Pick<Manifest, 'source' | 'bytes' | 'sha256'>,
): Manifest {
  const { version, fetched_at, providers, models, states, changes, overlay, schema_version, build } = content
  const { source, bytes, sha256 } = file
  const said = {
    ...{ version, fetched_at, source, providers, models, states, changes, overlay, schema_version, build },
    ...{ bytes, sha256 },
  }
  return { ...said, manifest_sha256: digestOf(said) }
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`
}

/**
 * Reads a manifest's text.
 * @param name what to call it where something is wrong with it
 * @throws AppError `bad_gateway` for what is none, or was altered
 */
export function parseManifest(text: string, name: string): Manifest {
  const { data, error } = manifestSchema.safeParse(parsedJson(text))
  if (data === undefined) {
    const faults = error.issues.map(({ path, message }) => `${path.join('.') || 'the text'}: ${message}`)
    throw new AppError('bad_gateway', `${name} is no manifest of a snapshot (${faults.join('; ')})`)
  }
  const { manifest_sha256, ...said } = data
  if (manifest_sha256 === digestOf(said)) return data
  throw new AppError('bad_gateway', `${name} was altered: it does not have its own manifest_sha256`)
}

/** @throws AppError `bad_gateway` when there is none, or it was altered */
export async function readManifest(file: string): Promise<Manifest> {
  const path = manifestPath(file)
  try {
    return parseManifest(await readFile(path, 'utf8'), path)
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('bad_gateway', `cannot read the manifest: ${reason}`, { cause })
  }
}

function digestOf(said: Omit<Manifest, 'manifest_sha256'>): string {
  return hash('sha256', canonicalJson(said))
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
