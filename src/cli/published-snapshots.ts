import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Catalog } from '../catalog/catalog.ts'
import { type Database, manifestPath } from '../db/open.ts'
import { AppError } from '../errors.ts'
import type { PublishedSnapshot } from '../http/context.ts'
import { ownCommand } from '../program/command.ts'
import { parseManifest, readContent } from '../snapshot/manifest.ts'
import { makeSnapshotFolder, type SnapshotFolder } from './snapshot-folder.ts'

/** How many files are kept: the one of today, and the one that a request may just have been told of. */
const MAX_FILES = 2

export interface PublishedSnapshots {
  /** @throws AppError `internal` when none can be made */
  current(): Promise<PublishedSnapshot>
  close(): Promise<void>
}

/**
 * Makes snapshots to hand out, one for each catalog, history and overlay, and only when it is asked for, in a process of
 * its own. They stand in a folder that only this user may read, and that goes with the server, or with the next one's first.
 */
export function publishedSnapshots(db: string, catalog: Pick<Catalog, 'state' | 'read'>): PublishedSnapshots {
  let latest: { state: number; content: string; snapshot: Promise<PublishedSnapshot> } | undefined
  let queue: Promise<unknown> = Promise.resolve()
  let folder: SnapshotFolder | undefined
  let made = 0
  let end: (() => void) | undefined
  let isClosed = false

  const make = async (): Promise<PublishedSnapshot> => {
    if (isClosed) throw new AppError('internal', 'The server is stopping')
    folder ??= await makeSnapshotFolder()
    const { path } = folder
    const fileOf = (number: number) => join(path, `${number}.db`)
    const number = ++made
    await removePair(fileOf(number - MAX_FILES))
    const process = startExport(db, fileOf(number))
    end = process.end
    await process.done
    return readPublished(fileOf(number))
  }

  return {
    current() {
      const state = catalog.state()
      if (latest?.state === state) return latest.snapshot
      const content = catalog.read(contentKey)
      if (latest?.content === content) {
        latest.state = state
        return latest.snapshot
      }
      const snapshot = queue.then(make)
      const own = { state, content, snapshot }
      latest = own
      queue = snapshot.catch(() => {
        // The next request tries again.
        if (latest === own) latest = undefined
      })
      return snapshot
    },
    async close() {
      isClosed = true
      end?.()
      await queue
      await folder?.remove()
    },
  }
}

/** What makes another snapshot. A later fetch of the same catalog does not: a download under way would end for nothing. */
function contentKey(db: Database): string {
  const content = readContent(db)
  return JSON.stringify({ ...content, fetched_at: undefined })
}

function startExport(db: string, file: string): { done: Promise<void>; end(): void } {
  const own = ownCommand(['snapshot', 'export', file, '--db', db])
  const child = spawn(...own, { stdio: ['ignore', 'ignore', 'pipe'] })
  const { promise: ended, resolve, reject } = Promise.withResolvers<string>()
  const fail = (cause: unknown) => new AppError('internal', 'The snapshot cannot be made', { cause })
  child.once('error', (cause) => reject(fail(cause)))
  child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`))
  // Where the system starts none, it has no pipes either: the error is all that comes.
  const said = child.pid === undefined ? '' : text(child.stderr)
  const done = Promise.all([said, ended]).then(([stderr, ending]) => {
    if (ending !== 'exit code 0') throw fail(new Error(stderr.trim() || ending))
  })
  return { done, end: () => void child.kill() }
}

async function readPublished(file: string): Promise<PublishedSnapshot> {
  const text = await readFile(manifestPath(file), 'utf8')
  const { version, sha256, bytes } = parseManifest(text, manifestPath(file))
  return { file, version, sha256, bytes, manifest: text }
}

async function removePair(file: string): Promise<void> {
  await rm(file, { force: true })
  await rm(manifestPath(file), { force: true })
}
