import { existsSync, lstatSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { takeLock } from '../db/lock.ts'

const PREFIX = 'modeldex-snapshots-'
/** Locked for as long as its process lives. */
const LOCK = 'lock'
/** Another process may still be about to lock a folder younger than this, in ms. */
const LEFTOVER_MS = 60_000

/** A folder for snapshots that only this user may read. */
export interface SnapshotFolder {
  path: string
  remove(): Promise<void>
}

/** Makes one, and removes those whose processes were killed. */
export async function makeSnapshotFolder(): Promise<SnapshotFolder> {
  await removeLeftovers()
  const path = await mkdtemp(join(tmpdir(), PREFIX))
  let unlock: (() => void) | undefined
  const remove = async () => {
    unlock?.()
    await rm(path, { recursive: true, force: true })
  }
  try {
    unlock = takeLock(join(path, LOCK))
    return { path, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

async function removeLeftovers(): Promise<void> {
  // What cannot be listed is swept another time: no snapshot waits for that.
  const names = await readdir(tmpdir()).catch(() => [])
  for (const name of names.filter((name) => name.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name)
    try {
      if (!isLeftover(folder)) continue
      const unlock = takeLock(join(folder, LOCK))
      unlock?.()
      if (unlock !== undefined) await rm(folder, { recursive: true, force: true })
    } catch {
      // One that cannot be looked into is left to others.
    }
  }
}

/** Whether it may be one: a folder of this user's, with a lock that was not made just now. */
function isLeftover(folder: string): boolean {
  const found = lstatSync(folder)
  const isOurs = found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid())
  return isOurs && existsSync(join(folder, LOCK)) && Date.now() - found.mtimeMs >= LEFTOVER_MS
}
