import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { openMigrated } from '../db/migrate.ts'
import { manifestPath, opening, withDatabase, writeCompact } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { type Build, readBuild } from '../ingest/build.ts'
import { readDataset } from '../ingest/dataset.ts'
import { makeFolder } from '../program/folder.ts'
import { canonicalCopy } from './canonical-copy.ts'
import { fingerprintOfFile } from './file-digest.ts'
import { sync } from './files.ts'
import { type Content, type Manifest, makeManifest, manifestText, readContent } from './manifest.ts'

export interface SnapshotOptions {
  /** The catalog to write, which may be a snapshot itself. */
  db: string
  /** Where to; its manifest goes beside it. */
  file: string
  /** Whether its history goes with it. */
  history: boolean
  /** Whether a snapshot that stands there may be replaced. */
  force: boolean
}

/**
 * Writes a catalog as one immutable file with its manifest beside it: whole, or not at all.
 * @throws AppError `conflict` when something stands there, `database` when the catalog cannot be read or the file not
 * be written
 */
export async function writeSnapshot({ db, file, history, force }: SnapshotOptions): Promise<Manifest> {
  await refuseTaken(db, file, force)
  makeFolder(dirname(file))
  const made = `${file}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const { source, content } = writeCopy(db, made, await readBuild(), history)
    const { bytes, sha256 } = await fingerprintOfFile(made)
    const manifest = makeManifest(content, { source, bytes, sha256 })
    await putInPlace(made, file, manifest)
    return manifest
  } finally {
    await rm(made, { force: true })
    await rm(manifestPath(made), { force: true })
  }
}

/** Writes what a catalog holds to a file that is not there yet, as this build does. */
export function writeCopy(db: string, made: string, build: Build, history: boolean) {
  return opening(db, () =>
    withDatabase(openMigrated(db), (source) =>
      source.transaction((): { source: string; content: Content } => {
        const held = readDataset(source)
        if (held === undefined) throw new AppError('database', `${db} holds no catalog yet`)
        return withDatabase(canonicalCopy(source, held, build, { history }), (copy) => {
          writeCompact(copy, made)
          const content = readContent(copy)
          if (content === undefined) throw new AppError('database', `${made} has lost its content`)
          return { source: held.source, content }
        })
      })(),
    ),
  )
}

/** The manifest goes in last: where one stands, its snapshot is whole. */
async function putInPlace(made: string, file: string, manifest: Manifest): Promise<void> {
  await writeFile(manifestPath(made), manifestText(manifest), { flush: true })
  await sync(made)
  await rm(manifestPath(file), { force: true })
  await rename(made, file)
  await rename(manifestPath(made), manifestPath(file))
  await sync(dirname(file))
}

async function refuseTaken(db: string, file: string, force: boolean): Promise<void> {
  const reason = await whyTaken(db, file, force)
  if (reason !== undefined) throw new AppError('conflict', `${file} ${reason}`)
}

async function whyTaken(db: string, file: string, force: boolean): Promise<string | undefined> {
  const isThere = existsSync(file)
  if (isThere && existsSync(db) && (await realpath(db)) === (await realpath(file))) {
    return 'is the catalog itself'
  }
  // Writes may be in it still, and SQLite would take them for the snapshot's.
  if (existsSync(`${file}-wal`)) return 'is a catalog in use: a -wal stands beside it'
  return isThere && !force ? 'is there already: --force replaces it' : undefined
}
